using System.Collections.Concurrent;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// What every door does with jobs: submit, find, list, cancel, signal, wait, delete, read their output, and at the end stop.
/// A job that is not over is in memory, every other in the history; who asks need not know where.
/// </summary>
public sealed class JobService(
    Scheduler scheduler, History history, SpoolSpace spool, TimeProvider clock, EndingPolicy ending, ILogger<JobService> log)
{
    private static readonly TimeSpan FollowerPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Job> _live = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private int _unfinished;
    private long _unfinishedBytes;

    /// <summary>How many jobs may wait and run.</summary>
    public int QueuedAtMost { get; init; } = 100_000;

    /// <summary>How many bytes of commands and variables they may hold in memory together.</summary>
    public long QueuedBytesAtMost { get; init; } = 256L * 1024 * 1024;

    /// <summary>What is remembered.</summary>
    public History History => history;

    /// <summary>What happens to jobs, as it happens.</summary>
    public JobChanges Changes { get; } = new(log);

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
    public Job Submit(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        var job = new Job(history.NextId(), spec, NewOutput(spec), clock) { Changes = Changes };
        _ = job.Output.TryHold();
        Enlist(job);

        // Looked at after the job is in the list: a stop either sees the job there or is seen here.
        if (IsStopping)
        {
            job.Dispose();
            Park(job);
            throw new DaemonStoppingException();
        }

        scheduler.Schedule(job);
        return job;
    }

    /// <summary>Takes a job of a door whose client comes back for the result: when this completes the job is on disk.</summary>
    /// <param name="key">The client's name for the submission; null for none.</param>
    /// <exception cref="ArgumentException">The specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="StoreException">It cannot be recorded, and is not taken.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    public async Task<Acceptance> AcceptAsync(JobSpec spec, IdempotencyKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        DateTime now = clock.GetUtcNow().UtcDateTime;
        if (key is not null && await history.FindKeyAsync(key, now) is { } earlier
            && await ReplayAsync(earlier.Job, earlier.Fingerprint, key) is { } replay)
        {
            return replay;
        }

        ThrowIfFull([spec]);
        JobRecord record = spec.ToRecord(history.NextId(), now);
        AdditionOutcome outcome = await history.AddAsync(new Addition(record, spec.Stdin.Bytes, key));
        if (!outcome.IsNew)
        {
            return await ReplayAsync(outcome.Job, outcome.Fingerprint!, key!)
                ?? throw new StoreException(StoreFault.Failed, "the job of this key is being removed; submit it again");
        }

        // Once it is on disk it is accepted, whatever happens: a daemon that is stopping leaves it to its next start.
        Resume(record, spec);
        return new Acceptance(record, AcceptanceKind.New);
    }

    /// <summary>Takes jobs that belong together: when this completes all of them are on disk, or none.</summary>
    /// <param name="batch">The batch that they are, whose id is given here; null when they are none.</param>
    /// <param name="key">The client's name for the submission of all; null for none.</param>
    /// <param name="firstId">The first of as many ids in a row from <see cref="History.NextIds"/>; null to take them here.</param>
    /// <exception cref="ArgumentException">A specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="StoreException">They cannot be recorded, and are not taken.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    public async Task<GroupAcceptance> AcceptAllAsync(
        IReadOnlyList<JobSpec> specs, BatchRecord? batch = null, IdempotencyKey? key = null, long? firstId = null)
    {
        ArgumentNullException.ThrowIfNull(specs);
        foreach (JobSpec spec in specs)
        {
            spec.Validate();
        }

        DateTime now = clock.GetUtcNow().UtcDateTime;
        if (key is not null && await history.FindKeyAsync(key, now) is { } earlier
            && await ReplayAsync(earlier.Job, earlier.Fingerprint, key) is { } replay)
        {
            return new GroupAcceptance([replay.Job], replay.Job.BatchId, replay.Kind);
        }

        ThrowIfFull(specs);
        long first = firstId ?? history.NextIds(specs.Count);
        JobRecord[] records = [.. specs.Select((spec, i) => spec.ToRecord(first + i, now))];
        GroupOutcome outcome = await history.AddAllAsync(
            new JobGroup([.. specs.Select((spec, i) => new Addition(records[i], spec.Stdin.Bytes))], batch, key));
        if (!outcome.First.IsNew)
        {
            return await ReplayAsync(outcome.First.Job, outcome.First.Fingerprint!, key!) is { } same
                ? new GroupAcceptance([same.Job], same.Job.BatchId, same.Kind)
                : throw new StoreException(StoreFault.Failed, "the jobs of this key are being removed; submit them again");
        }

        foreach ((int i, JobSpec spec) in specs.Index())
        {
            records[i] = records[i] with { BatchId = outcome.Batch ?? records[i].BatchId };
            Resume(records[i], spec with { BatchId = records[i].BatchId });
        }

        return new GroupAcceptance(records, outcome.Batch, AcceptanceKind.New);
    }

    /// <summary>A job that is not over or was not a moment ago, by its id.</summary>
    public Job? Find(long id) => _live.GetValueOrDefault(id);

    /// <summary>A job; null when there is none.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<JobRecord?> GetAsync(long id) => Find(id)?.Snapshot() ?? await history.FindAsync(id);

    /// <summary>A page of a list.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<JobPage> ListAsync(JobQuery query)
    {
        JobPage page = await history.ListAsync(query);

        // The sizes of the output of those that run are newer than their rows; a state that has changed since was not asked for.
        return page with { Jobs = [.. page.Jobs.Select(job => job.HasEnded ? job : Newer(job))] };
    }

    /// <summary>Waits until a job is over, or has another version than the one that is known, or the time is, or the daemon stops.</summary>
    /// <returns>The job as it then is; null when there is none.</returns>
    public async Task<JobRecord?> WaitAsync(long id, long? unlessVersion, TimeSpan wait, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(wait, clock);
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

        return await history.FindAsync(id);
    }

    /// <summary>Cancels a job: at once while it waits, by ending its process group while it runs.</summary>
    /// <param name="by">The principal who wants it.</param>
    /// <returns>The job afterwards; null when there is none. Asking again, or when it is over, changes nothing.</returns>
    public async Task<JobRecord?> CancelAsync(long id, string by)
    {
        if (Find(id) is { } job && job.RequestEnd(JobReason.Canceled, by: by) && job.IsDurable && job.Ended.IsCompleted)
        {
            // It waited, and lies on disk as a job that is to run: whoever is told that it is cancelled may rely on that after a crash.
            await job.HandedOver;
            await history.FlushAsync();
        }

        return await GetAsync(id);
    }

    /// <summary>Signals a running job's process group.</summary>
    public async Task<SignalOutcome> SignalAsync(long id, int signal) =>
        Find(id) is { } job && job.Signal(signal) ? SignalOutcome.Sent
        : await GetAsync(id) is null ? SignalOutcome.NoSuchJob
        : SignalOutcome.NotRunning;

    /// <summary>Removes a job that is over from the history, with its output.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<DeleteOutcome> DeleteAsync(long id)
    {
        if (Find(id) is { } job)
        {
            if (!job.Ended.IsCompleted)
            {
                return DeleteOutcome.NotEnded;
            }

            // Its end is written before its removal, or it would come back.
            await job.HandedOver;
            await history.FlushAsync();
        }

        bool deleted = await history.DeleteAsync(id);
        if (deleted && Find(id) is { } gone)
        {
            Forget(gone);
        }

        return deleted ? DeleteOutcome.Deleted
            : await GetAsync(id) is null ? DeleteOutcome.NoSuchJob
            : DeleteOutcome.NotEnded;
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
                return new OutputReading(job.Kept is { } kept ? history.Restore(id, kept) : null);
            }
        }

        return await history.FindAsync(id) is not { } record ? null
            : await history.OpenOutputAsync(id) is { } log ? new OutputReading(log)
            : new OutputReading(record.StdoutKeptBytes + record.StderrKeptBytes > 0 ? null : OutputLog.Empty(spool, clock));
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
            else if (job.State == JobState.Queued)
            {
                job.RequestEnd(JobReason.Shutdown);
            }
        }

        CompleteIfIdle();
        await Task.WhenAny(_idle.Task, Task.Delay(ending.Grace, clock), ending.Hurried);

        foreach (Job job in Live)
        {
            job.RequestEnd(JobReason.Shutdown);
        }

        // Also for jobs that were being ended already, with a whole grace period of their own before them.
        await Task.WhenAny(_idle.Task, Task.Delay(killAfter, clock));
        ending.Hurry();
        await _idle.Task;
    }

    /// <summary>Takes up a job that is on disk and has not started.</summary>
    internal void Resume(JobRecord record, JobSpec spec)
    {
        if (record.StdinMode == StdinMode.Inline)
        {
            spec = spec with { Stdin = new StoredInput(() => history.ReadStdinAsync(record.Id), record.StdinBytes) };
        }

        var job = new Job(record, spec, NewOutput(spec), clock) { IsDurable = true, Changes = Changes };
        Enlist(job);
        if (IsStopping)
        {
            Park(job);
        }

        if (spec.IsFollowed)
        {
            _ = ExpectReadersAsync(job);
        }

        scheduler.Schedule(job);
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

        await ((Task)job.Ended).WaitAsync(FollowerPatience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private OutputLog NewOutput(JobSpec spec) => new(
        spool, clock, spec.KeepOutput is { } keep ? Math.Max(keep, OutputLog.LeastWhileRunning) : null);

    private JobRecord Newer(JobRecord row) => Find(row.Id)?.Snapshot() is { } now && now.State == row.State ? now : row;

    private void ThrowIfFull(IReadOnlyList<JobSpec> specs)
    {
        if (IsStopping)
        {
            throw new DaemonStoppingException();
        }

        if (Volatile.Read(ref _unfinished) + specs.Count > QueuedAtMost)
        {
            throw new QueueFullException($"{QueuedAtMost} jobs wait or run already, which is the most");
        }

        if (Volatile.Read(ref _unfinishedBytes) + specs.Sum(spec => spec.Bytes) > QueuedBytesAtMost)
        {
            throw new QueueFullException($"the commands and variables of the jobs that wait and run have {QueuedBytesAtMost} bytes, which is the most");
        }
    }

    private async Task<Acceptance?> ReplayAsync(long id, byte[] fingerprint, IdempotencyKey key) =>
        await GetAsync(id) is { } job
            ? new Acceptance(job, fingerprint.AsSpan().SequenceEqual(key.Fingerprint) ? AcceptanceKind.Replayed : AcceptanceKind.KeyReused)
            : null;

    private void Enlist(Job job)
    {
        Interlocked.Increment(ref _unfinished);
        Interlocked.Add(ref _unfinishedBytes, job.Spec.Bytes);

        // Before anybody can find and change it: its first state is the first that is told.
        Changes.Publish(job.Snapshot());
        _live[job.Id] = job;
        _ = RecordWhenEndedAsync(job);
    }

    private async Task RecordWhenEndedAsync(Job job)
    {
        JobResult result = await job.Ended;
        scheduler.Withdraw(job);
        Finished(job);
        Log.Ended(
            log, job.Id, job.State, result.Reason, result.Status?.ToString() ?? result.Detail ?? "not started", job.Pid,
            (long)result.Duration.TotalMilliseconds, job.Output.Produced(OutputStream.Stdout), job.Output.Produced(OutputStream.Stderr),
            job.Spec.Origin, job.Spec.Principal);
        Task saving = history.SaveEndAsync(job);
        job.HandOver();

        // A history that takes nothing keeps its jobs here, and thousands of them must not hold as many descriptors.
        job.ReleaseOutput();
        await saving;
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
        Interlocked.Add(ref _unfinishedBytes, -job.Spec.Bytes);
        Interlocked.Decrement(ref _unfinished);
        CompleteIfIdle();
    }

    private void CompleteIfIdle()
    {
        if (IsStopping && Volatile.Read(ref _unfinished) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
