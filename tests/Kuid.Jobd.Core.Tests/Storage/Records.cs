using System.Collections;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Rows of a history, made by hand and made up.</summary>
internal static class Records
{
    internal static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static readonly string[] Words = ["", "a", "b", "build", "it's", "\"100%\"", "äöü", "日本", "🐌", "a\tb\nc", "_"];

    /// <summary>Rows of every kind, with whatever members set.</summary>
    internal static Gen<JobRecord> Any { get; } =
        from id in Gen.Choose(1, 1_000_000)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select Of(id, new Random(seed));

    internal static JobRecord Queued(long id, string queue = "default") => new()
    {
        Id = id,
        Version = 1,
        Kind = JobKind.Argv,
        State = JobState.Queued,
        Origin = JobOrigin.Http,
        Principal = "uid:0",
        Queue = queue,
        Argv = [Specs.Bytes("true")],
        CreatedAt = Start,
    };

    internal static JobRecord Running(long id) => Queued(id) with { Version = 2, State = JobState.Running, StartedAt = Start };

    /// <summary>A job that was over so long after <see cref="Start"/>.</summary>
    internal static JobRecord Ended(long id, JobState state = JobState.Succeeded, TimeSpan after = default) =>
        Running(id) with { Version = 3, State = state, Reason = JobReason.Exit, FinishedAt = Start + after };

    internal static Change EndedWithOutput(long id, int bytes, TimeSpan after = default, JobState state = JobState.Succeeded) =>
        new(Ended(id, state, after) with { StdoutBytes = bytes, StdoutKeptBytes = bytes }, Kept(new byte[bytes], stderr: null));

    internal static KeptOutput Kept(byte[]? stdout, byte[]? stderr) =>
        new([1, 2, 0, 255], stdout, stderr, stdout?.Length ?? 0, stderr?.Length ?? 0);

    /// <summary>A row with nothing but what every row has.</summary>
    internal static JobRecord Bare(long id) => new()
    {
        Id = id,
        Version = 1,
        Kind = JobKind.Pipeline,
        State = JobState.Queued,
        Origin = JobOrigin.Sockproc,
        Principal = string.Empty,
        Pipeline = string.Empty,
        Argv = [],
        CreatedAt = DateTime.UnixEpoch,
    };

    /// <summary>A process with every member set to something of its own.</summary>
    internal static JobRecord Full(long id) =>
        Of(id, new Random(7), chance: 1) with { Kind = JobKind.Argv, Argv = [[0xff, 0xfe], [], [0x80]], Pipeline = null, Host = null, Hosts = null };

    /// <summary>A pipeline with every member set to something of its own.</summary>
    internal static JobRecord FullPipeline(long id) => Full(id) with
    {
        Kind = JobKind.Pipeline,
        Argv = [],
        Pipeline = "ls 'ä' |\n  head 3",
        Host = "h",
        Hosts = ["a", "exec:b 'c'"],
    };

    /// <summary>Every member as text, so that two rows can be compared and a difference read.</summary>
    internal static string Show(JobRecord? job) => job is null ? "none" : string.Join('\n', typeof(JobRecord).GetProperties()
        .Where(property => property.CanWrite)
        .Select(property => $"{property.Name}: {Show(property.GetValue(job))}"));

    private static string Show(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => $"\"{text}\"",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, string> labels => string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal)),
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Show)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <param name="chance">How likely it is that a member which may be missing is there.</param>
    private static JobRecord Of(long id, Random random, double chance = 0.5)
    {
        bool There() => random.NextDouble() < chance;
        T? Maybe<T>(Func<T> value)
            where T : struct => There() ? value() : null;
        string Text() => Words[random.Next(1, Words.Length)] + random.Next(100).ToString(CultureInfo.InvariantCulture);
        string? MaybeText() => There() ? Text() : null;
        long Number() => 1 + (random.NextInt64() >> random.Next(1, 63));
        TimeSpan Span() => TimeSpan.FromMicroseconds(Number() / 100);
        DateTime Time() => DateTime.UnixEpoch.AddMicroseconds(random.NextInt64(-1_000_000, 4_000_000_000_000_000));
        byte[] Bytes()
        {
            // Whatever bytes, as the kernel takes them: all but NUL.
            byte[] bytes = new byte[random.Next(0, 12)];
            random.NextBytes(bytes);
            return [.. bytes.Where(b => b != 0)];
        }

        JobKind kind = (JobKind)random.Next(1, 4);
        return new JobRecord
        {
            Id = id,
            Version = Number(),
            Kind = kind,
            State = (JobState)random.Next(1, 9),
            Reason = Maybe(() => (JobReason)random.Next(1, 16)),
            Detail = MaybeText(),
            EndedBy = MaybeText(),
            WaitStatus = Maybe(() => random.Next(1, 65536)),
            Origin = (JobOrigin)random.Next(1, 6),
            Principal = Text(),
            Name = MaybeText(),
            Service = MaybeText(),
            Queue = MaybeText(),
            Priority = There() ? random.Next(-1000, 0) : 0,
            Labels = There() ? Enumerable.Range(0, random.Next(1, 4)).ToDictionary(i => Words[i + 2], _ => Text(), StringComparer.Ordinal) : JobRecord.NoLabels,
            Argv = kind == JobKind.Shell
                ? [Specs.Bytes("/bin/sh"), Specs.Bytes("-c"), Bytes()]
                : kind == JobKind.Pipeline ? []
                : [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Bytes())],
            Pipeline = kind == JobKind.Pipeline ? Text() : null,
            Host = kind == JobKind.Pipeline ? MaybeText() : null,
            Hosts = kind == JobKind.Pipeline && There() ? [Text(), Text()] : null,
            Environment = There() ? [Specs.Bytes("A="), [.. Specs.Bytes("B="), .. Bytes()]] : [],
            ClearEnvironment = There(),
            WorkingDirectory = There() ? [(byte)'/', .. Bytes()] : null,
            StdinMode = There() ? (StdinMode)random.Next(1, 3) : StdinMode.None,
            StdinBytes = There() ? Number() : 0,
            Timeout = Maybe(Span),
            Grace = Maybe(Span),
            Drain = Maybe(Span),
            KeepOutput = Maybe(Number),
            CreatedAt = Time(),
            QueuedAt = Maybe(Time),
            StartedAt = Maybe(Time),
            FinishedAt = Maybe(Time),
            Duration = Maybe(Span),
            CpuUser = Maybe(Span),
            CpuSystem = Maybe(Span),
            MaxRssBytes = Maybe(Number),
            Pid = Maybe(() => random.Next(1, int.MaxValue)),
            Process = There() ? new ProcessIdentity(Text(), Number()) : null,
            StdoutBytes = There() ? Number() : 0,
            StderrBytes = There() ? Number() : 0,
            StdoutKeptBytes = There() ? Number() : 0,
            StderrKeptBytes = There() ? Number() : 0,
            OutputIncomplete = There(),
            OutputPruned = There(),
            Attempt = There() ? random.Next(2, 9) : 1,
            MaxAttempts = There() ? random.Next(2, 9) : 1,
            NotBefore = Maybe(Time),
            ExpiresIn = Maybe(Span),
            RetryBackoff = There() ? Span() : TimeSpan.FromSeconds(1),
            AttemptStdoutOffset = There() ? Number() : 0,
            AttemptStderrOffset = There() ? Number() : 0,
            After = There() ? [Number(), Number()] : [],
            AfterMode = There() ? AfterMode.End : AfterMode.Success,
            Key = MaybeText(),
            KeyPolicy = There() ? (KeyPolicy)random.Next(2, 4) : KeyPolicy.Queue,
            ParentId = Maybe(Number),
            BatchId = Maybe(Number),
            Schedule = MaybeText(),
            Limits = There() ? new ResourceLimits { CpuSeconds = Number(), MemoryBytes = Number(), CoreBytes = 0 } : null,
            CallbackUrl = MaybeText(),
            ClaimedUser = MaybeText(),
            PassedThrough = There(),
            Survives = There(),
            Isolation = Maybe(() => (IsolationProfile)random.Next((int)IsolationProfile.Basic, (int)IsolationProfile.Strict + 1)),
            Disconnect = There() ? DisconnectPolicy.Cancel : DisconnectPolicy.Continue,
        };
    }
}
