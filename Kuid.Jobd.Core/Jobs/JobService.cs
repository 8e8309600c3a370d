using System.Collections.Concurrent;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Queues;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// What every door does with jobs: submit, find, list, cancel, signal, wait, change, repeat, delete, read their output, and at
/// the end stop. A job that is not over is in memory, every other in the history; who asks need not know where.
/// </summary>
public sealed partial class JobService
{
    private readonly ConcurrentDictionary<long, Job> _live = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Backlogs _backlogs = new();
    private readonly KeyClaims _keys;
    private readonly Admission _admission;
    private readonly WaitingRoom _waiting;
    private readonly Scheduler _scheduler;
    private readonly SpoolSpace _spool;
    private readonly TimeProvider _clock;
    private readonly EndingPolicy _ending;
    private readonly ILogger _log;

    /// <summary>Puts the engine together.</summary>
    /// <param name="scheduler">Gives jobs their turn.</param>
    /// <param name="history">What is remembered.</param>
    /// <param name="spool">Where output goes that is too much for the memory.</param>
    /// <param name="ending">How much time jobs that are ended get.</param>
    public JobService(
        Scheduler scheduler, History history, SpoolSpace spool, TimeProvider clock, EndingPolicy ending, ILogger<JobService> log)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        (_scheduler, History, _spool, _clock, _ending, _log) = (scheduler, history, spool, clock, ending, log);
        Changes = new JobChanges(log);
        _keys = new KeyClaims(Find);
        Queues = new JobQueues(scheduler, history, () => Live);
        _waiting = new WaitingRoom(scheduler, history, Find, clock);
        _admission = new Admission(history, _backlogs.Accepted, _keys, Queues, clock, GetAsync, Resume, () => IsStopping);
        scheduler.WaitsAgain = WaitAgain;
        scheduler.HasRun = StopBatchOf;
    }

    /// <summary>How many jobs may wait and run: of those that are on disk, and again of those whose clients wait for them.</summary>
    public int QueuedAtMost { get => _backlogs.Accepted.MostJobs; init => _backlogs.Accepted.MostJobs = _backlogs.Attended.MostJobs = value; }

    /// <summary>How many of them may be one principal's.</summary>
    public int QueuedAtMostEach
    {
        get => _backlogs.Accepted.MostJobsEach;
        init => _backlogs.Accepted.MostJobsEach = _backlogs.Attended.MostJobsEach = value;
    }

    /// <summary>How many bytes of commands and variables they may hold in memory together.</summary>
    public long QueuedBytesAtMost { get => _backlogs.Accepted.MostBytes; init => _backlogs.Accepted.MostBytes = _backlogs.Attended.MostBytes = value; }

    /// <summary>Where the ends of jobs may be posted.</summary>
    public CallbackTargets Callbacks { get; init; } = CallbackTargets.None;

    /// <summary>Which isolation jobs have.</summary>
    public IsolationPolicy Isolation { get; init; } = IsolationPolicy.None;

    /// <summary>The longest pause before the second attempt of a callback.</summary>
    public TimeSpan CallbackBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where the record logs are of jobs that outlive the daemon; null where none does.</summary>
    public Keeping.KeeperFolder? Keepers { get; init; }

    /// <summary>Why a strict job does not survive: kuid-sandbox answers to who starts it, and a keeper does not listen.</summary>
    internal const string StrictDies = "a job of the isolation strict cannot survive the daemon; survive goes with none, basic and user";

    /// <summary>Whether jobs whose client comes back for the result outlive the daemon where they can and do not say.</summary>
    public bool SurviveByDefault { get; init; }

    /// <summary>What is remembered.</summary>
    public History History { get; }

    /// <summary>The queues that jobs wait in.</summary>
    public JobQueues Queues { get; }

    /// <summary>What happens to jobs, as it happens.</summary>
    public JobChanges Changes { get; }

    /// <summary>What the engine tells the time by.</summary>
    internal TimeProvider Clock => _clock;

    /// <summary>How much time jobs that are ended get.</summary>
    internal EndingPolicy Ending => _ending;

    /// <summary>How many jobs wait for others, and how many moments are waited for.</summary>
    internal (int Dependent, int Alarms) Waits => _waiting.Held;

    /// <summary>The jobs that are not over.</summary>
    public IEnumerable<Job> Live => _live.Values.Where(job => !job.Ended.IsCompleted);

    /// <summary>Whether no more jobs are taken.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>
    /// Takes a job of a door whose client waits for the result: it starts at once when it has no queue, and is recorded
    /// meanwhile. Its output is held for the caller until the caller disposes the job.
    /// </summary>
    /// <exception cref="ArgumentException">The specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    /// <exception cref="KeyTakenException">It skips while another job of its key waits or runs.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    public Job Submit(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec = Isolation.Settled(spec);
        spec.Validate();
        if (spec.Pipeline?.Session is null)
        {
            // A session evaluates one thing at a time, and their number is bounded.
            _backlogs.Attended.ThrowIfFull([spec]);
        }

        long id = History.NextId();
        if (_keys.TryClaim(id, spec) is { } other)
        {
            throw new KeyTakenException(spec.Key!, other);
        }

        var job = new Job(id, spec, NewOutput(spec), _clock) { Changes = Changes };
        _ = job.Output.TryHold();
        Enlist(job);

        // Looked at after the job is in the list: a stop either sees the job there or is seen here.
        if (IsStopping)
        {
            job.Dispose();
            Park(job);
            throw new DaemonStoppingException();
        }

        Enter(job);
        return job;
    }

    /// <summary>Takes a job of a door whose client comes back for the result: when this completes the job is on disk.</summary>
    /// <param name="key">The client's name for the submission; null for none.</param>
    /// <exception cref="ArgumentException">The specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="StoreException">It cannot be recorded, and is not taken.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    /// <exception cref="QueueDrainingException">Its queue takes no jobs.</exception>
    /// <exception cref="KeyTakenException">It skips while another job of its key waits or runs.</exception>
    public Task<Acceptance> AcceptAsync(JobSpec spec, IdempotencyKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return _admission.AcceptAsync(Settled(spec), key);
    }

    /// <summary>Takes jobs that belong together: when this completes all of them are on disk, or none.</summary>
    /// <param name="batch">The batch that they are, whose id is given here; null when they are none.</param>
    /// <param name="key">The client's name for the submission of all; null for none.</param>
    /// <param name="firstId">The first of as many ids in a row from <see cref="History.NextIds"/>; null to take them here.</param>
    /// <exception cref="ArgumentException">A specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="StoreException">They cannot be recorded, and are not taken.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    /// <exception cref="QueueDrainingException">The queue of one of them takes no jobs.</exception>
    /// <exception cref="KeyTakenException">One of them skips while another job of its key waits or runs.</exception>
    public Task<GroupAcceptance> AcceptAllAsync(
        IReadOnlyList<JobSpec> specs, BatchRecord? batch = null, IdempotencyKey? key = null, long? firstId = null)
    {
        ArgumentNullException.ThrowIfNull(specs);
        return _admission.AcceptAllAsync([.. specs.Select(Settled)], batch, key, firstId);
    }

    /// <summary>A job that is not over or was not a moment ago, by its id.</summary>
    public Job? Find(long id) => _live.GetValueOrDefault(id);

    /// <summary>A job; null when there is none.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<JobRecord?> GetAsync(long id) => Find(id)?.Snapshot() ?? await History.FindAsync(id);

    /// <summary>A page of a list.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<JobPage> ListAsync(JobQuery query)
    {
        JobPage page = await History.ListAsync(query);

        // The sizes of the output of those that run are newer than their rows; a state that has changed since was not asked for.
        return page with { Jobs = [.. page.Jobs.Select(job => job.HasEnded ? job : Newer(job))] };
    }

    /// <summary>Waits until a job is over, or has another version than the one that is known, or the time is, or the daemon stops.</summary>
    /// <returns>The job as it then is; null when there is none.</returns>
    public async Task<JobRecord?> WaitAsync(long id, long? unlessVersion, TimeSpan wait, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(wait, _clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token, time.Token);
        while (Find(id) is { } job)
        {
            Task changed = job.Changed();
            JobRecord now = job.Snapshot();
            if (now.HasEnded || (unlessVersion is { } known && now.Version != known) || patience.IsCancellationRequested)
            {
                return now;
            }

            await changed.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        return await History.FindAsync(id);
    }

    /// <summary>Opens what a job has written, while it runs and after.</summary>
    /// <returns>Null when there is no such job; the caller disposes it.</returns>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<OutputReading?> ReadOutputAsync(long id)
    {
        if (Find(id) is { } job)
        {
            if (job.Output.TryHold())
            {
                return new OutputReading(job.Output);
            }

            if (job.HandedOver.IsCompleted && Find(id) is not null)
            {
                return new OutputReading(job.Kept is { } kept ? History.Restore(id, kept) : null);
            }
        }

        return await History.FindAsync(id) is not { } record ? null
            : await History.OpenOutputAsync(id) is { } log ? new OutputReading(log)
            : new OutputReading(record.StdoutKeptBytes + record.StderrKeptBytes > 0 ? null : OutputLog.Empty(_spool, _clock));
    }

    /// <summary>The standard input of a job that takes it in pieces; null when there is no such job, or it is over.</summary>
    public StreamedInput? StreamedInputOf(long id) => Find(id) is { Ended.IsCompleted: false } job ? job.Spec.Stdin as StreamedInput : null;

    private JobSpec Settled(JobSpec submitted)
    {
        JobSpec spec = Isolation.Settled(submitted);
        return spec.Survive is not null ? spec
            : spec with { Survive = SurviveByDefault && spec.CanSurvive && spec.Isolation != IsolationProfile.Strict };
    }

    private JobRecord Newer(JobRecord row) => Find(row.Id)?.Snapshot() is { } now && now.State == row.State ? now : row;
}
