using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Everything that is kept of a job, as of one moment: the row of the history and the source of every view of it. Bytes are
/// bytes here; text is made of them only for people and JSON.
/// </summary>
public sealed record JobRecord
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>Counts the changes of this record, from 1; a client's ETag.</summary>
    public required long Version { get; init; }

    /// <summary>How it is executed.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required JobState State { get; init; }

    /// <summary>Why it ended, or waits; null while there is nothing to say.</summary>
    public JobReason? Reason { get; init; }

    /// <summary>What the reason alone does not say.</summary>
    public string? Detail { get; init; }

    /// <summary>The principal that cancelled it; null when nobody did.</summary>
    public string? EndedBy { get; init; }

    /// <summary>What wait(2) said, raw; null when no process ended.</summary>
    public int? WaitStatus { get; init; }

    /// <summary>The door it came in by.</summary>
    public required JobOrigin Origin { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Principal { get; init; }

    /// <summary>What its submitter calls it.</summary>
    public string? Name { get; init; }

    /// <summary>The service it was a call of.</summary>
    public string? Service { get; init; }

    /// <summary>The queue it waits in; null for a job that starts at once.</summary>
    public string? Queue { get; init; }

    /// <summary>Its place in the queue: the higher, the sooner.</summary>
    public int Priority { get; init; }

    /// <summary>What its submitter has marked it with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>The source of a pipeline; null for the other kinds.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The host of a pipeline, by name or address; null for the local one, or <see cref="Hosts"/>.</summary>
    public string? Host { get; init; }

    /// <summary>The hosts of a pipeline that is evaluated on several side by side; null for one.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>The arguments, the program's own name first; for the kind shell <c>/bin/sh -c COMMAND</c>, for a pipeline none.</summary>
    public required IReadOnlyList<byte[]> Argv { get; init; }

    /// <summary>The variables that were submitted, each <c>NAME=value</c>.</summary>
    public IReadOnlyList<byte[]> Environment { get; init; } = [];

    /// <summary>Whether those are all, or are set on top of the daemon's.</summary>
    public bool ClearEnvironment { get; init; }

    /// <summary>The directory it starts in; null for the daemon's.</summary>
    public byte[]? WorkingDirectory { get; init; }

    /// <summary>Where its standard input comes from.</summary>
    public StdinMode StdinMode { get; init; }

    /// <summary>How many bytes of standard input were submitted with it.</summary>
    public long StdinBytes { get; init; }

    /// <summary>How long it may run; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long it has between SIGTERM and SIGKILL; null for the daemon's own.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>How long its streams are read after it exited while others hold them; null until they let go.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>How many bytes of each stream are kept; null for the history's own limit.</summary>
    public long? KeepOutput { get; init; }

    /// <summary>When it was submitted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it came into its queue, UTC; null when it is in none.</summary>
    public DateTime? QueuedAt { get; init; }

    /// <summary>When it started, UTC.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When it was over, UTC.</summary>
    public DateTime? FinishedAt { get; init; }

    /// <summary>How long it ran by the monotonic clock; null while it has not ended.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>CPU time in user mode of the process and its reaped descendants.</summary>
    public TimeSpan? CpuUser { get; init; }

    /// <summary>CPU time in the kernel.</summary>
    public TimeSpan? CpuSystem { get; init; }

    /// <summary>An upper bound of the largest resident set, in bytes.</summary>
    public long? MaxRssBytes { get; init; }

    /// <summary>The id of its process, group and session; null before it started.</summary>
    public int? Pid { get; init; }

    /// <summary>Which of all processes that ever had this pid; null when it is not known.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>How many bytes it wrote to standard output.</summary>
    public long StdoutBytes { get; init; }

    /// <summary>How many bytes it wrote to standard error.</summary>
    public long StderrBytes { get; init; }

    /// <summary>How many bytes of standard output can be read.</summary>
    public long StdoutKeptBytes { get; init; }

    /// <summary>How many bytes of standard error can be read.</summary>
    public long StderrKeptBytes { get; init; }

    /// <summary>Whether output may be missing at its end.</summary>
    public bool OutputIncomplete { get; init; }

    /// <summary>Whether its output has been removed before it.</summary>
    public bool OutputPruned { get; init; }

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>How many attempts there may be.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>Where in its standard output that of the present attempt begins.</summary>
    public long AttemptStdoutOffset { get; init; }

    /// <summary>Where in its standard error that of the present attempt begins.</summary>
    public long AttemptStderrOffset { get; init; }

    /// <summary>When it may start at the earliest, UTC: what was submitted, and later the time of its next attempt; null for at once.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>How long after its submission it may still start; null for ever.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The pause before its second attempt; before each further one twice as long, in which chance has a part.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The jobs that have to be over before it starts.</summary>
    public IReadOnlyList<long> After { get; init; } = [];

    /// <summary>What it needs of them.</summary>
    public AfterMode AfterMode { get; init; } = AfterMode.Success;

    /// <summary>Its concurrency key: of all jobs with the same one, in whatever queue, at most one runs; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>What it does about another job of its key.</summary>
    public KeyPolicy KeyPolicy { get; init; } = KeyPolicy.Queue;

    /// <summary>The job that it repeats.</summary>
    public long? ParentId { get; init; }

    /// <summary>The batch that it came with.</summary>
    public long? BatchId { get; init; }

    /// <summary>The schedule that made it.</summary>
    public string? Schedule { get; init; }

    /// <summary>What its process may use of the machine; null for what the daemon may.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>The isolation of its process; null for what is no process of the daemon's, and for jobs of before there was any.</summary>
    public IsolationProfile? Isolation { get; init; }

    /// <summary>The address that its end is posted to; null for none.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>What becomes of it when the client that waits for it goes away.</summary>
    public DisconnectPolicy Disconnect { get; init; } = DisconnectPolicy.Continue;

    /// <summary>The user name that the caller of a service gave, which nobody has checked; null for none.</summary>
    public string? ClaimedUser { get; init; }

    /// <summary>Whether its output went to descriptors of its submitter's: it is not kept, and how much it was is not always known.</summary>
    public bool PassedThrough { get; init; }

    /// <summary>Whether its process outlives the daemon.</summary>
    public bool Survives { get; init; }

    /// <summary>Whether less of the output can be read than was written, its removal aside.</summary>
    public bool Truncated => StdoutKeptBytes < StdoutBytes || StderrKeptBytes < StderrBytes;

    /// <summary>Whether it is over.</summary>
    public bool HasEnded => JobTransitions.IsTerminal(State);

    /// <summary>Whether it may be started, for the first time or again.</summary>
    internal bool MayStart => State is JobState.Scheduled or JobState.Queued || (State == JobState.Running && Attempt < MaxAttempts);

    internal static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// Tells a process from every other that had or will have its number, on this boot of the machine or another.
/// </summary>
/// <param name="BootId"><c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/PID/stat</c> (proc(5)): clock ticks from boot to its start.</param>
public sealed record ProcessIdentity(string BootId, long StartTicks);
