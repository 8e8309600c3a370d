using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Micro;

/// <summary>A job as most are: a short command that has ended well and written a line.</summary>
internal static class SampleJob
{
    private static readonly DateTime Created = new(2030, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
    private static readonly byte[] Line = "Linux build-17 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 x86_64 GNU/Linux\n"u8.ToArray();

    internal static JobRecord Ended { get; } = new()
    {
        Id = 1,
        Version = 3,
        Kind = JobKind.Shell,
        State = JobState.Succeeded,
        Reason = JobReason.Exit,
        WaitStatus = 0,
        Origin = JobOrigin.Sockproc,
        Principal = "uid:1000",
        Argv = ["/bin/sh"u8.ToArray(), "-c"u8.ToArray(), "uname -a"u8.ToArray()],
        CreatedAt = Created,
        StartedAt = Created.AddMilliseconds(1),
        FinishedAt = Created.AddMilliseconds(3),
        Duration = TimeSpan.FromMilliseconds(2),
        CpuUser = TimeSpan.FromMilliseconds(0.6),
        CpuSystem = TimeSpan.FromMilliseconds(0.4),
        MaxRssBytes = 1_900_544,
        Pid = 31_415,
        Process = new ProcessIdentity("2c1d6f3a-9d0e-4f4b-8a57-1b1f2c3d4e5f", 123_456_789),
        StdoutBytes = Line.Length,
        StdoutKeptBytes = Line.Length,
        Isolation = IsolationProfile.None,
    };

    // Both streams without a limit, standard output of one record (OutputShape).
    internal static KeptOutput Output { get; } = new(
        [1, 0, (byte)Line.Length, 1, 1, 0x8e, 0xa1, 0xc4, 0xf9, 0xb8, 0x37, 0, 0, 0, 0], Line, Stderr: null, Line.Length, StderrBytes: 0);
}
