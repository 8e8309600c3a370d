using Kuid.Jobd.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core;

/// <summary>All log lines of the engine; ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "job {Job}: the runner failed; this is a fault of the daemon")]
    internal static partial void RunnerFailed(ILogger log, Exception e, long job);

    [LoggerMessage(101, LogLevel.Information, "job {Job}: ending its process group, reason {Reason}")]
    internal static partial void Ending(ILogger log, long job, JobReason reason);

    [LoggerMessage(103, LogLevel.Warning, "job {Job}: its process group {Pid} is another user's now and cannot be signalled")]
    internal static partial void CannotSignal(ILogger log, long job, int pid);

    [LoggerMessage(102, LogLevel.Debug,
        "job {Job}: {State}, reason {Reason}, {Status}, pid {Pid}, {Milliseconds} ms, stdout {Stdout} bytes, stderr {Stderr} bytes, "
        + "origin {Origin}, principal {Principal}")]
    internal static partial void Ended(
        ILogger log, long job, JobState state, JobReason reason, string status, int? pid, long milliseconds, long stdout, long stderr,
        JobOrigin origin, string principal);
}
