using System.Collections.Concurrent;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Output;
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
    private static readonly TimeSpan FollowerPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Job> _live = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Backlog _backlog = new();
    private readonly KeyClaims _keys = new();
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
        Queues = new JobQueues(scheduler, history, () => Live);
        _waiting = new WaitingRoom(scheduler, history, Find, clock);
        _admission = new Admission(history, _backlog, _keys, Queues, clock, GetAsync, Resume, () => IsStopping);
        scheduler.WaitsAgain = WaitAgain;
        scheduler.HasRun = StopBatchOf;
    }

    /// <summary>How many jobs may wait and run.</summary>
    public int QueuedAtMost { get => _backlog.MostJobs; init => _backlog.MostJobs = value; }

    /// <summary>How many bytes of commands and variables they may hold in memory together.</summary>
    public long QueuedBytesAtMost { get => _backlog.MostBytes; init => _backlog.MostBytes = value; }

    /// <summary>Where the ends of jobs may be posted.</summary>
    public CallbackTargets Callbacks { get; init; } = CallbackTargets.None;

    /// <summary>The longest pause before the second attempt of a callback.</summary>
    public TimeSpan CallbackBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What is remembered.</summary>
    public History History { get; }

    /// <summary>The queues that jobs wait in.</summary>
    public JobQueues Queues { get; }

    /// <summary>What happens to jobs, as it happens.</summary>
    public JobChanges Changes { get; }

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
    public Job Submit(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
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

        _waiting.Enter(job);
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
        return _admission.AcceptAsync(spec, key);
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
        return _admission.AcceptAllAsync(specs, batch, key, firstId);
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

    /// <summary>
    /// Takes no more jobs, lets those that run finish within the grace period, then ends them. Of those that wait, the ones on
    /// disk are left to the next start and the others ended.
    /// </summary>
    /// <param name="killAfter">How long jobs then have between SIGTERM and SIGKILL.</param>
    /// <returns>Completes when no job is left; one that cannot be killed (another user's, or stuck in the kernel) prevents it.</returns>
    public async Task StopAsync(TimeSpan killAfter)
    {
        await _stopping.CancelAsync();
        foreach (Job job in Live)
        {
            if (job.IsDurable)
            {
                Park(job);
            }
            else if (job.State is JobState.Queued or JobState.Scheduled)
            {
                job.RequestEnd(JobReason.Shutdown);
            }
        }

        _backlog.Close();
        await Task.WhenAny(_backlog.Idle, Task.Delay(_ending.Grace, _clock), _ending.Hurried);

        foreach (Job job in Live)
        {
            // One that waits for its next attempt by now is left to the next start where its attempt is given up.
            job.RequestEnd(JobReason.Shutdown);
        }

        // Also for jobs that were being ended already, with a whole grace period of their own before them.
        await Task.WhenAny(_backlog.Idle, Task.Delay(killAfter, _clock));
        _ending.Hurry();
        await _backlog.Idle;
        _waiting.Dispose();
    }

    /// <summary>Takes up a job that a daemon before this one has accepted.</summary>
    internal void Restore(JobRecord record, JobSpec spec)
    {
        _keys.Note(record.Id, spec);
        Resume(record, spec);
    }

    /// <summary>Has the end of a job posted, by a job of its own.</summary>
    /// <remarks>
    /// It is given to the history before the end of the job that it reports: a daemon that is killed in between finds the callback, and
    /// reports the other one as lost.
    /// </remarks>
    internal void Report(JobRecord ended)
    {
        JobSpec spec = CallbackSpec.JobFor(ended, CallbackBackoff);
        JobRecord record = spec.ToRecord(History.NextId(), _clock.GetUtcNow().UtcDateTime);
        var job = new Job(record, spec, NewOutput(spec), _clock) { IsDurable = true, Changes = Changes };
        _ = History.SaveAsync(job);
        TakeUp(job);
    }

    /// <summary>Takes up a job that is on disk.</summary>
    private void Resume(JobRecord record, JobSpec spec)
    {
        if (record.StdinMode == StdinMode.Inline)
        {
            spec = spec with { Stdin = new StoredInput(() => History.ReadStdinAsync(record.Id), record.StdinBytes) };
        }

        TakeUp(new Job(record, spec, NewOutput(spec), _clock) { IsDurable = true, Changes = Changes });
    }

    private void TakeUp(Job job)
    {
        Enlist(job);
        if (IsStopping)
        {
            Park(job);
        }

        if (job.Spec.IsFollowed)
        {
            _ = ExpectReadersAsync(job);
        }

        job.Spec.Batch?.Enter(job);
        foreach ((long other, long by) in _keys.Enter(job.Id, job.Spec))
        {
            Find(other)?.RequestEnd(JobReason.Canceled, $"job {by}, which has its key, replaces it", by: Find(by)?.Spec.Principal);
        }

        _waiting.Enter(job);
    }

    // Whoever said that he follows and does not come holds up nobody for ever.
    private async Task ExpectReadersAsync(Job job)
    {
        using AttachedReader expected = job.Output.ExpectReaders();

        // Asked for before the state is looked at: a start in between is seen, and the patience begins with it.
        for (Task changed = job.Changed(); job.State is JobState.Scheduled or JobState.Queued; changed = job.Changed())
        {
            await changed;
        }

        await ((Task)job.Ended).WaitAsync(FollowerPatience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private OutputLog NewOutput(JobSpec spec) => new(
        _spool, _clock, spec.KeepOutput is { } keep ? Math.Max(keep, OutputLog.LeastWhileRunning) : null);

    // After an attempt that failed: to its next one, or to the next start.
    private void WaitAgain(Job job)
    {
        if (!IsStopping)
        {
            _waiting.Proceed(job);
        }
        else if (job.IsDurable)
        {
            Park(job);
        }
        else
        {
            job.RequestEnd(JobReason.Shutdown);
        }
    }

    // One that ran has been looked at before its place was free; one that never started is only here.
    private void StopBatchOf(Job job)
    {
        if (job.Spec.Batch is { } batch && batch.Ended(job))
        {
            _ = History.NoteStoppedAsync(batch.Id);
        }
    }

    private JobRecord Newer(JobRecord row) => Find(row.Id)?.Snapshot() is { } now && now.State == row.State ? now : row;

    private void Enlist(Job job)
    {
        _backlog.Add(job.Spec);

        // Before anybody can find and change it: its first state is the first that is told.
        Changes.Publish(job.Snapshot());
        _live[job.Id] = job;
        _ = RecordWhenEndedAsync(job);
    }

    private async Task RecordWhenEndedAsync(Job job)
    {
        JobResult result = await job.Ended;
        StopBatchOf(job);
        if (job.Snapshot() is var ended && CallbackSpec.IsWanted(ended))
        {
            Report(ended);
        }

        Finished(job);
        Log.Ended(
            _log, job.Id, job.State, result.Reason, result.Status?.ToString() ?? result.Detail ?? "not started", job.Pid,
            (long)result.Duration.TotalMilliseconds, job.Output.Produced(OutputStream.Stdout), job.Output.Produced(OutputStream.Stderr),
            job.Spec.Origin, job.Spec.Principal);
        Task saving = History.SaveEndAsync(job);
        job.HandOver();

        // A history that takes nothing keeps its jobs here, and thousands of them must not hold as many descriptors.
        job.ReleaseOutput();
        await saving;
        job.IsRecorded = true;
        _waiting.Ended(job);
        Forget(job);
    }

    /// <summary>Lets go of a job that the history has.</summary>
    private void Forget(Job job)
    {
        _live.TryRemove(job.Id, out _);
        job.ReleaseOutput();
    }

    /// <summary>Leaves a job that waits to the next start.</summary>
    private void Park(Job job)
    {
        if (job.TryPark())
        {
            // Whoever sends it input is not to wait for a job that does not start here.
            job.Spec.Stdin.Abandon();
            Forget(job);
            Finished(job);
        }
    }

    private void Finished(Job job)
    {
        _waiting.Leave(job);
        _keys.Release(job.Id, job.Spec);
        _backlog.Remove(job.Spec);
    }
}
