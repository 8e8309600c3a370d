using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>The door that a job came in by.</summary>
public enum JobOrigin
{
    /// <summary>The sockproc door.</summary>
    Sockproc = 1,

    /// <summary>The HTTP door.</summary>
    Http = 2,

    /// <summary>The coprocess door.</summary>
    Coprocess = 3,

    /// <summary>The services door.</summary>
    Service = 4,

    /// <summary>A schedule.</summary>
    Schedule = 5,

    /// <summary>The end of a job that has a callback.</summary>
    Callback = 6,
}

/// <summary>What a job is to do and within which bounds, as every door hands it to the <see cref="JobService"/>.</summary>
public sealed record JobSpec
{
    /// <summary>The longest time that may be given for anything; the timers of .NET end a little later (2^32 ms).</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(49);

    /// <summary>The process to execute; null for the others. A job has one of the three.</summary>
    public ProcessSpec? Process { get; init; }

    /// <summary>The pipeline to evaluate; null for the others.</summary>
    public PipelineSpec? Pipeline { get; init; }

    /// <summary>The callback to make; null for the others.</summary>
    public CallbackSpec? Callback { get; init; }

    /// <summary>How it is executed, for those who read of it.</summary>
    public JobKind Kind { get; init; } = JobKind.Argv;

    /// <summary>The door it came in by.</summary>
    public required JobOrigin Origin { get; init; }

    /// <summary>Where whoever waits for its end goes on.</summary>
    public Wakes Wakes { get; init; }

    /// <summary>Who asked for it: <c>uid:1000</c>, <c>tcp:127.0.0.1</c>.</summary>
    public required string Principal { get; init; }

    /// <summary>What its submitter calls it.</summary>
    public string? Name { get; init; }

    /// <summary>The service it is a call of.</summary>
    public string? Service { get; init; }

    /// <summary>What its submitter has marked it with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = JobRecord.NoLabels;

    /// <summary>Where its standard input comes from.</summary>
    public JobInput Stdin { get; init; } = JobInput.Empty;

    /// <summary>The queue it waits in; null to start at once.</summary>
    public string? Queue { get; init; }

    /// <summary>Whether its submitter is about to follow it, and output that would be dropped before waits for that.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>Its place in the queue: the higher, the sooner.</summary>
    public int Priority { get; init; }

    /// <summary>How long it may run; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long it has between SIGTERM and SIGKILL; null for the daemon's own.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>How long its streams are read after it exited while others hold them; null until they let go.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>
    /// How many bytes of each stream are kept while the job runs, half at the head and half at the tail; null for all of
    /// them. Afterwards the history keeps no more than its own limit.
    /// </summary>
    public long? KeepOutput { get; init; }

    /// <summary>How many bytes of each stream of a job that keeps all of them the history keeps; null for as many as of any.</summary>
    public long? KeepInHistory { get; init; }

    /// <summary>How many bytes it may write to one stream before it is ended; null for any number.</summary>
    public long? OutputLimit { get; init; }

    /// <summary>When it may start at the earliest, UTC; null for at once.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>How long after its submission it may still start; null for ever.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>How many attempts it has.</summary>
    public int MaxAttempts { get; init; } = 1;

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

    /// <summary>That batch, while it is in memory.</summary>
    internal LiveBatch? Batch { get; init; }

    /// <summary>The schedule that made it.</summary>
    public string? Schedule { get; init; }

    /// <summary>Whether its process outlives the daemon; null for one whose submitter has not said.</summary>
    public bool? Survive { get; init; }

    /// <summary>Whether its process outlives the daemon.</summary>
    internal bool Survives => Survive ?? false;

    /// <summary>Whether its process can: it needs nothing of the daemon while it runs.</summary>
    public bool CanSurvive => Kind is JobKind.Shell or JobKind.Argv && Stdio is null && Execution is null && Stdin is not StreamedInput;

    /// <summary>What its process may use of the machine; null for what the daemon may.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>The isolation of its process; null for that of its door, and for what is no process of the daemon's.</summary>
    public IsolationProfile? Isolation { get; init; }

    /// <summary>The address that its end is posted to; null for none.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>What becomes of it when the client that waits for it goes away.</summary>
    public DisconnectPolicy Disconnect { get; init; } = DisconnectPolicy.Continue;

    /// <summary>The user name that the caller of a service gave, which nobody has checked; null for none.</summary>
    public string? ClaimedUser { get; init; }

    /// <summary>Whether its output goes to descriptors of its submitter's and is not kept.</summary>
    public bool PassedThrough { get; init; }

    /// <summary>
    /// The descriptors of its submitter's that its process gets in place of pipes; in memory only. The engine closes them as soon as the
    /// process has executed, and the submitter when the job is over, for one that never started.
    /// </summary>
    public Stdio? Stdio { get; init; }

    /// <summary>
    /// Executes it in place of the engine, for a door whose jobs are tied to a connection; in memory only, so that such a job is
    /// not run again. Null for most.
    /// </summary>
    public IJobExecutor? Execution { get; init; }

    /// <summary>What it has to hold to run, beside a place in its queue; null for nothing.</summary>
    internal Slot? Slot => Key is { } key ? Waiting.Slot.Of(key)
        : Batch is { MaxParallel: { } places } batch ? Waiting.Slot.Of(batch, places)
        : null;

    /// <summary>How much memory its command and variables take, in bytes.</summary>
    internal long Bytes => Process is { } process
        ? process.Argv.Sum(word => (long)word.Length) + process.Environment.Sum(variable => (long)variable.Length)
        : Pipeline?.Bytes ?? Callback!.Url.Length;

    /// <summary>What a stored job is to do.</summary>
    /// <param name="stdin">Its input, which the record does not hold.</param>
    internal static JobSpec Of(JobRecord record, JobInput stdin) => new()
    {
        Process = record.Kind is JobKind.Pipeline or JobKind.Callback ? null : new ProcessSpec(record.Argv[0], record.Argv)
        {
            Environment = record.Environment,
            ClearEnvironment = record.ClearEnvironment,
            WorkingDirectory = record.WorkingDirectory,
        },
        Pipeline = record.Pipeline is not { } source ? null : new PipelineSpec(source)
        {
            Host = record.Host,
            Hosts = record.Hosts,
            Environment = record.Environment,
            WorkingDirectory = record.WorkingDirectory,
        },
        Callback = record.Kind == JobKind.Callback ? new CallbackSpec(record.CallbackUrl!, record.ParentId!.Value) : null,
        Kind = record.Kind,
        Origin = record.Origin,
        Principal = record.Principal,
        Name = record.Name,
        Service = record.Service,
        Labels = record.Labels,
        Stdin = stdin,
        Queue = record.Queue,
        Priority = record.Priority,
        Timeout = record.Timeout,
        Grace = record.Grace,
        Drain = record.Drain,
        KeepOutput = record.KeepOutput,
        NotBefore = record.NotBefore,
        ExpiresIn = record.ExpiresIn,
        MaxAttempts = record.MaxAttempts,
        RetryBackoff = record.RetryBackoff,
        After = record.After,
        AfterMode = record.AfterMode,
        Key = record.Key,
        KeyPolicy = record.KeyPolicy,
        ParentId = record.ParentId,
        BatchId = record.BatchId,
        Schedule = record.Schedule,
        Limits = record.Limits,
        Isolation = record.Isolation,
        CallbackUrl = record.CallbackUrl,
        Disconnect = record.Disconnect,
        ClaimedUser = record.ClaimedUser,
        PassedThrough = record.PassedThrough,
        Survive = record.Survives,
    };

    /// <summary>The record of a job that is to do this and waits.</summary>
    internal JobRecord ToRecord(long id, DateTime now)
    {
        JobReason? waits = After.Count > 0 ? JobReason.Dependency : NotBefore > now ? JobReason.Time : null;
        return new JobRecord
        {
            Id = id,
            Version = 1,
            Kind = Kind,
            State = waits is null ? JobState.Queued : JobState.Scheduled,
            Reason = waits,
            Origin = Origin,
            Principal = Principal,
            Name = Name,
            Service = Service,
            Queue = Queue,
            Priority = Priority,
            Labels = Labels,
            Argv = Process?.Argv ?? [],
            Pipeline = Pipeline?.Source,
            Host = Pipeline?.Host,
            Hosts = Pipeline?.Hosts,
            Environment = Process?.Environment ?? Pipeline?.Environment ?? [],
            ClearEnvironment = Process?.ClearEnvironment ?? false,
            WorkingDirectory = Process is null ? Pipeline?.WorkingDirectory : Process.WorkingDirectory,
            StdinMode = Stdin.Mode,
            StdinBytes = Stdin.Length,
            Timeout = Timeout,
            Grace = Grace,
            Drain = Drain,
            KeepOutput = KeepOutput,
            NotBefore = NotBefore,
            ExpiresIn = ExpiresIn,
            MaxAttempts = MaxAttempts,
            RetryBackoff = RetryBackoff,
            After = After,
            AfterMode = AfterMode,
            Key = Key,
            KeyPolicy = KeyPolicy,
            ParentId = ParentId,
            BatchId = BatchId,
            Schedule = Schedule,
            Limits = Limits,
            Isolation = Isolation,
            CallbackUrl = CallbackUrl,
            Disconnect = Disconnect,
            ClaimedUser = ClaimedUser,
            PassedThrough = PassedThrough,
            Survives = Survives,
            CreatedAt = now,
            QueuedAt = Queue is null || waits is not null ? null : now,
        };
    }

    /// <summary>Whether a job can be made of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the member, its value and what is allowed.</exception>
    internal void Validate()
    {
        bool hasWhatItsKindSays = Kind switch
        {
            JobKind.Pipeline => this is { Process: null, Pipeline: not null, Callback: null },
            JobKind.Callback => this is { Process: null, Pipeline: null, Callback: not null },
            _ => this is { Process: not null, Pipeline: null, Callback: null },
        };
        if (!hasWhatItsKindSays)
        {
            throw new InvalidOperationException("a job is a process, a pipeline or a callback, as its kind says");
        }

        if (Survives && !CanSurvive)
        {
            throw new InvalidOperationException("a job that outlives the daemon is a process whose standard input is known");
        }

        if (Key is not null && Queue is null)
        {
            throw new InvalidOperationException("a job with a concurrency key waits in a queue");
        }

        foreach ((string name, TimeSpan? time) in ((string, TimeSpan?)[])
            [(nameof(Timeout), Timeout), (nameof(Grace), Grace), (nameof(Drain), Drain)])
        {
            if (time < TimeSpan.Zero || time > LongestTime)
            {
                throw new ArgumentOutOfRangeException(name, time, $"allowed: 0 to {LongestTime.TotalSeconds} seconds");
            }
        }
    }
}
