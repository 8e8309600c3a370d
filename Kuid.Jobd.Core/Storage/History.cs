using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// The memory of the daemon: every job of every door, what it was to do, how it ended and what it wrote. It owns the store,
/// the thread that writes and those that read.
/// </summary>
public sealed class History : IDisposable
{
    private readonly IJobStore _store;
    private readonly OutputFiles _files;
    private readonly SpoolSpace _spool;
    private readonly long _keepOutput;
    private readonly ILogger _log;
    private readonly HistoryReaders _readers;
    private readonly HistoryReaders _searchers;
    private readonly HistoryWriter _writer;
    private readonly JobSummaries _summaries;
    private int _looking;

    /// <summary>Takes a store over.</summary>
    /// <param name="keepOutput">How many bytes of each stream of a job are kept at most.</param>
    public History(IJobStore store, OutputFiles files, SpoolSpace spool, long keepOutput, ILogger<History> log)
    {
        _store = store;
        _files = files;
        _spool = spool;
        _keepOutput = keepOutput;
        _log = log;
        _readers = new HistoryReaders(store, LookThroughSoon);

        // A search may look at every row, and whoever knows the id of a job is not to wait for it.
        _searchers = new HistoryReaders(store, LookThroughSoon);
        _writer = new HistoryWriter(store, files, log);
        _summaries = new JobSummaries(ChangeAsync);
    }

    /// <summary>What keeps it: <c>SQLite 3.40.1 (system)</c>.</summary>
    public string Library => _store.Description;

    /// <summary>How many bytes its write-ahead log has on disk; a reader that does not end makes it grow.</summary>
    public long WriteAheadBytes => _store.WriteAheadBytes;

    /// <summary>Whether the daemon that used it before was killed.</summary>
    public bool WasLeftOpen => _store.WasLeftOpen;

    /// <summary>Whether it takes what it is given.</summary>
    public HistoryHealth Health => _writer.Health;

    /// <summary>A job; null when there is none.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Task<JobRecord?> FindAsync(long id) => _readers.ReadAsync(reader => reader.Find(id));

    /// <summary>A page of a list, with everything that was recorded before the call, as long as the history takes it.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public async Task<JobPage> ListAsync(JobQuery query)
    {
        if (Health.IsAvailable)
        {
            await FlushAsync();
        }

        return await _searchers.ReadAsync(reader => reader.List(query));
    }

    /// <summary>What a job wrote; null when nothing is kept, or nothing any more. The log is the caller's to dispose.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Task<OutputLog?> OpenOutputAsync(long id) => _readers.ReadAsync(reader => reader.ReadOutput(id) is { } kept
        ? Restore(id, kept)
        : null);

    /// <summary>Completes when what was recorded so far has been written, or cannot be now.</summary>
    public Task FlushAsync() => _writer.RequestAsync(new FlushRequest());

    /// <summary>Ends the threads, when all that was recorded has been written or cannot be.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _searchers.Dispose();
        _store.Dispose();
    }

    /// <summary>An id that no job has had.</summary>
    internal long NextId() => NextIds(1);

    /// <summary>Ids that no job has had, in a row, for jobs that name each other before they are taken in.</summary>
    /// <returns>The first of them.</returns>
    public long NextIds(int count)
    {
        long first = _writer.NextIds(count);
        _summaries.Given(first);
        return first;
    }

    /// <summary>Takes a job in; completes when it is on disk.</summary>
    /// <exception cref="StoreException">It could not be written, and is not.</exception>
    internal Task<AdditionOutcome> AddAsync(Addition addition) => _writer.RequestAsync(new AddRequest(addition));

    /// <summary>Takes jobs in together; completes when all are on disk.</summary>
    /// <exception cref="StoreException">They could not be written, and none is.</exception>
    internal Task<GroupOutcome> AddAllAsync(JobGroup group) => _writer.RequestAsync(new AddAllRequest(group));

    /// <summary>A batch; null when there is none.</summary>
    internal Task<BatchRecord?> FindBatchAsync(long id) => _readers.ReadAsync(reader => reader.FindBatch(id));

    /// <summary>The jobs of a batch as of what has been written.</summary>
    internal Task<IReadOnlyList<BatchJob>> JobsOfBatchAsync(long id) => _readers.ReadAsync(reader => reader.JobsOfBatch(id));

    /// <summary>A page of batches, with everything that was recorded before the call, as long as the history takes it.</summary>
    internal async Task<BatchPage> ListBatchesAsync(long? before, int limit)
    {
        if (Health.IsAvailable)
        {
            await FlushAsync();
        }

        return await _searchers.ReadAsync(reader => reader.ListBatches(before, limit));
    }

    /// <summary>Notes that a batch has been stopped; where that cannot be written, its jobs say so.</summary>
    internal async Task NoteStoppedAsync(long batch)
    {
        try
        {
            await ChangeAsync(store => store.StopBatch(batch));
        }
        catch (StoreException e)
        {
            Log.BatchNotNoted(_log, batch, e.Message);
        }
    }

    /// <summary>Some batches, stopped where one of their jobs failed and that stops them.</summary>
    internal Task<IReadOnlyList<BatchRecord>> BatchesOfAsync(IReadOnlyList<long> ids) => _readers.ReadAsync(reader => reader.BatchesOf(ids));

    /// <summary>Keeps, changes or forgets what is no job; completes when that is on disk.</summary>
    /// <exception cref="StoreException">It could not be written, and is not.</exception>
    internal Task<T> ChangeAsync<T>(Func<IJobStore, T> change) => _writer.RequestAsync(new SettingRequest<T>(change));

    /// <summary>The job that a client's key stands for; null when it stands for none.</summary>
    internal Task<(long Job, byte[] Fingerprint)?> FindKeyAsync(IdempotencyKey key, DateTime now) =>
        _readers.ReadAsync(reader => reader.FindKey(key.Principal, key.Key, now));

    /// <summary>Records a job as it is; nobody needs to wait for it.</summary>
    /// <returns>Whether it was written, or has been given up.</returns>
    internal Task<bool> SaveAsync(Job job, bool durable = false) => _writer.RequestAsync(new SaveRequest(job, output: null, durable));

    /// <summary>Records the end of a job and what it wrote.</summary>
    /// <remarks>
    /// The end of a job that is on disk and never started survives the loss of power too: without it the job would run. So does that of
    /// a job which outlives the daemon: its record log goes then.
    /// </remarks>
    /// <returns>Whether it was written, or has been given up.</returns>
    internal Task<bool> SaveEndAsync(Job job)
    {
        job.Kept = Keep(job);
        return _writer.RequestAsync(new SaveRequest(job, job.Kept, durable: job.IsDurable && (job.Spec.Survives || job.Snapshot().StartedAt is null)));
    }

    /// <summary>Removes a job that is over.</summary>
    /// <returns>Whether it was there and over.</returns>
    internal async Task<bool> DeleteAsync(long id) => (await DeleteAllAsync([id])).Count > 0;

    /// <summary>Removes those of some jobs that are over.</summary>
    /// <returns>Those that were there and over.</returns>
    internal Task<IReadOnlyList<long>> DeleteAllAsync(IReadOnlyList<long> ids) => _writer.RequestAsync(new DeleteRequest(ids));

    /// <summary>The hosts that are kept.</summary>
    internal Task<IReadOnlyList<HostRecord>> HostsAsync() => _readers.ReadAsync(reader => reader.Hosts());

    /// <summary>Keeps a host; completes when it is on disk.</summary>
    /// <exception cref="StoreException">It could not be written, and is not.</exception>
    internal Task PutHostAsync(HostRecord host) => ChangeAsync(store =>
    {
        store.PutHost(host);
        return true;
    });

    /// <summary>Forgets a host.</summary>
    /// <returns>Whether it was there.</returns>
    internal Task<bool> DeleteHostAsync(string name) => ChangeAsync(store => store.DeleteHost(name));

    /// <summary>The schedules that are kept.</summary>
    internal Task<IReadOnlyList<ScheduleRecord>> SchedulesAsync() => _readers.ReadAsync(reader => reader.Schedules());

    /// <summary>Keeps a schedule; completes when it is on disk.</summary>
    /// <exception cref="StoreException">It could not be written, and is not.</exception>
    internal Task PutScheduleAsync(ScheduleRecord schedule) => ChangeAsync(store =>
    {
        store.PutSchedule(schedule);
        return true;
    });

    /// <summary>Forgets a schedule.</summary>
    /// <returns>Whether it was there.</returns>
    internal Task<bool> DeleteScheduleAsync(string name) => ChangeAsync(store => store.DeleteSchedule(name));

    /// <summary>The queues of which something is kept.</summary>
    internal Task<IReadOnlyList<QueueRecord>> QueuesAsync() => _readers.ReadAsync(reader => reader.Queues());

    /// <summary>The states of jobs; what is not there is left out.</summary>
    internal Task<IReadOnlyDictionary<long, JobState>> StatesAsync(IReadOnlyList<long> ids) => _readers.ReadAsync(reader => reader.States(ids));

    /// <summary>The standard input that was submitted with a job.</summary>
    internal Task<byte[]> ReadStdinAsync(long id) => _readers.ReadAsync(reader => reader.ReadStdin(id));

    /// <summary>Jobs of some states, the oldest first.</summary>
    internal Task<IReadOnlyList<JobRecord>> InStatesAsync(params JobState[] states) => _readers.ReadAsync(reader => reader.InStates(states));

    /// <summary>Where a policy cuts now.</summary>
    internal Task<RetentionCut> CutAsync(RetentionPolicy policy, DateTime now) => _searchers.ReadAsync(reader => reader.Cut(policy, now));

    /// <summary>Removes some of what lies before a cut.</summary>
    internal Task<PruneStep> PruneAsync(RetentionCut cut, int most) => _writer.RequestAsync(new PruneRequest(cut, most));

    /// <summary>Looks for damage, and refuses to be written to from then on when there is some; blocks for as long as reading everything takes.</summary>
    /// <returns>Whether it is sound.</returns>
    /// <exception cref="StoreException">It could not be looked through; that says nothing of damage.</exception>
    internal bool LookThrough()
    {
        // A disk that fails to give a page for a moment looks like damage too; what is there twice is there.
        if (Verdict() is not null && Verdict() is { } verdict)
        {
            Log.HistoryDamaged(_log, verdict);
            _writer.CloseForDamage(verdict);
            return false;
        }

        return true;
    }

    private string? Verdict()
    {
        try
        {
            using IJobReader reader = _store.OpenReader();
            return reader.Check();
        }
        catch (StoreException e) when (e.Fault == StoreFault.Damaged)
        {
            return e.Message;
        }
    }

    // One damaged page that somebody met says that there may be more: what is damaged is not written to, and only reading
    // everything can tell damage from a disk that failed for a moment. Once suffices: damage does not pass.
    private void LookThroughSoon()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 0)
        {
            new Thread(() =>
            {
                bool sound = true;
                try
                {
                    sound = LookThrough();
                }
                catch (Exception e)
                {
                    // Whatever it is, nobody above would catch it, and the daemon would end with it.
                    Log.CheckFailed(_log, e.Message);
                }
                finally
                {
                    Volatile.Write(ref _looking, sound ? 0 : 1);
                }
            })
            { IsBackground = true, Name = "kuid-look-through" }.Start();
        }
    }

    /// <summary>Removes files of output whose jobs are not known: a daemon was killed between the file and the row.</summary>
    /// <param name="isLive">Whether a job may still be about to get its row.</param>
    internal async Task SweepFilesAsync(Func<long, bool> isLive)
    {
        foreach (long[] jobs in _files.Jobs().Chunk(1000))
        {
            // In this order: whoever is not live any more has its row by now.
            long[] ended = [.. jobs.Where(job => !isLive(job))];
            IReadOnlySet<long> known = await _readers.ReadAsync(reader => reader.WithOutput(ended));
            foreach (long job in ended.Where(job => !known.Contains(job)))
            {
                _files.Delete(job);
            }
        }
    }

    /// <summary>Whether something that can be read of a job's output while it runs will be gone when it has ended.</summary>
    internal bool KeepsLessOf(Job job) =>
        Math.Max(job.Output.Kept(OutputStream.Stdout), job.Output.Kept(OutputStream.Stderr)) > KeptOf(job);

    private long KeptOf(Job job) => Math.Min(job.Spec.KeepOutput ?? job.Spec.KeepInHistory ?? _keepOutput, _keepOutput);

    // A job is recorded in any case; output that there is no room for is not a reason to forget it.
    private KeptOutput? Keep(Job job)
    {
        try
        {
            return job.Output.Keep(KeptOf(job), stream => _files.Place(job.Id, stream));
        }
        catch (Exception e)
        {
            // One of its streams may have its file already, which goes at the next start: no record will mention it.
            Log.OutputNotKept(_log, job.Id, e.Message);
            return null;
        }
    }

    /// <summary>What was kept of a job's output, as a log; null when its file has been removed.</summary>
    /// <exception cref="StoreException">It is damaged.</exception>
    internal OutputLog? Restore(long id, KeptOutput kept)
    {
        try
        {
            return OutputLog.Restore(kept, _spool, stream => _files.Open(id, stream));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            throw new StoreException(StoreFault.Damaged, e.Message, e);
        }
    }
}
