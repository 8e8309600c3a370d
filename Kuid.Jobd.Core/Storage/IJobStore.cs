using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Where the history lies: the one seam to storage. Its calls block and are made by one thread at a time, the
/// <see cref="HistoryWriter"/>'s; those who only read have an <see cref="IJobReader"/> each.
/// </summary>
/// <remarks>
/// Every call is one transaction: what it was to do is done, or nothing is and a <see cref="StoreException"/> says why. After
/// an exception the store is as it was and may be called again.
/// </remarks>
public interface IJobStore : IDisposable
{
    /// <summary>What it is, for the log and the version: <c>SQLite 3.40.1 (system)</c>.</summary>
    string Description { get; }

    /// <summary>The highest id that a job may have had, on disk or not yet; after a start a new job's is higher.</summary>
    long ReservedIds { get; }

    /// <summary>Writes a batch.</summary>
    /// <returns>What became of each addition, in their order.</returns>
    IReadOnlyList<AdditionOutcome> Write(WriteBatch batch);

    /// <summary>Takes jobs in together, or none of them.</summary>
    /// <param name="reservedIds">What <see cref="ReservedIds"/> is afterwards; null leaves it.</param>
    GroupOutcome AddAll(JobGroup group, long? reservedIds);

    /// <summary>Notes that no more jobs of a batch are to start.</summary>
    /// <returns>Whether it is there, and that was not noted before.</returns>
    bool StopBatch(long id);

    /// <summary>Removes jobs that are over, with their output.</summary>
    /// <returns>Those of the ids that were removed.</returns>
    IReadOnlyList<long> Delete(IReadOnlyList<long> ids);

    /// <summary>Removes some of what lies before a cut.</summary>
    /// <param name="most">How many records, outputs or keys at most, so that others wait for a moment only.</param>
    PruneStep Prune(RetentionCut cut, int most);

    /// <summary>Notes of the next jobs together what lets lists pass over them; one transaction that takes a few milliseconds.</summary>
    /// <param name="jobs">How many jobs at most.</param>
    /// <param name="newest">How many of the newest are left for later.</param>
    /// <returns>Whether there were enough; then there may be more.</returns>
    bool Summarize(int jobs, int newest);

    /// <summary>Keeps a host; one of the same name is replaced.</summary>
    void PutHost(HostRecord host);

    /// <summary>Forgets a host.</summary>
    /// <returns>Whether it was there.</returns>
    bool DeleteHost(string name);

    /// <summary>Keeps a schedule; one of the same name is replaced.</summary>
    void PutSchedule(ScheduleRecord schedule);

    /// <summary>Forgets a schedule.</summary>
    /// <returns>Whether it was there.</returns>
    bool DeleteSchedule(string name);

    /// <summary>Keeps what is to be kept of a queue, in place of what was.</summary>
    void PutQueue(QueueRecord queue);

    /// <summary>Forgets what is kept of a queue.</summary>
    /// <returns>Whether something was.</returns>
    bool DeleteQueue(string name);

    /// <summary>Whether the one who used it before has not closed it: it was killed.</summary>
    bool WasLeftOpen { get; }

    /// <summary>How many bytes of what was written lie beside the store because a reader still needs what they replace; 0 for a store without such a log.</summary>
    long WriteAheadBytes { get; }

    /// <summary>A reader of its own.</summary>
    IJobReader OpenReader();
}

/// <summary>Reads the history as of its last transaction. It is used by one thread at a time; its calls block.</summary>
public interface IJobReader : IDisposable
{
    /// <summary>A job; null when there is none.</summary>
    JobRecord? Find(long id);

    /// <summary>A page of a list.</summary>
    JobPage List(JobQuery query);

    /// <summary>Jobs of some states, the oldest first, all of them.</summary>
    IReadOnlyList<JobRecord> InStates(IReadOnlyList<JobState> states);

    /// <summary>The states of jobs; what is not there is left out.</summary>
    IReadOnlyDictionary<long, JobState> States(IReadOnlyList<long> ids);

    /// <summary>The queues of which something is kept, by name.</summary>
    IReadOnlyList<QueueRecord> Queues();

    /// <summary>The standard input of a job that has not started; empty when it has none.</summary>
    byte[] ReadStdin(long id);

    /// <summary>What was kept of a job's output; null when nothing is, or nothing any more.</summary>
    KeptOutput? ReadOutput(long id);

    /// <summary>Which of some jobs have output.</summary>
    IReadOnlySet<long> WithOutput(IReadOnlyList<long> ids);

    /// <summary>The hosts that are kept, by name.</summary>
    IReadOnlyList<HostRecord> Hosts();

    /// <summary>A batch; null when there is none.</summary>
    BatchRecord? FindBatch(long id);

    /// <summary>The jobs of a batch, ids ascending.</summary>
    IReadOnlyList<BatchJob> JobsOfBatch(long id);

    /// <summary>A page of batches, the newest first.</summary>
    /// <param name="before">Only those with a smaller id; null for all.</param>
    BatchPage ListBatches(long? before, int limit);

    /// <summary>Some batches, stopped where one of their jobs failed and that stops them.</summary>
    IReadOnlyList<BatchRecord> BatchesOf(IReadOnlyList<long> ids);

    /// <summary>The schedules that are kept, by name.</summary>
    IReadOnlyList<ScheduleRecord> Schedules();

    /// <summary>Where a policy cuts now; it may look at all of the history.</summary>
    RetentionCut Cut(RetentionPolicy policy, DateTime now);

    /// <summary>Looks for damage, in all of the history.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    string? Check();

    /// <summary>The job that a key stands for; null when it stands for none, or does no longer.</summary>
    (long Job, byte[] Fingerprint)? FindKey(string principal, string key, DateTime now);
}

/// <summary>What is written in one transaction.</summary>
public sealed record WriteBatch
{
    /// <summary>Jobs that are accepted with it.</summary>
    public IReadOnlyList<Addition> Additions { get; init; } = [];

    /// <summary>Jobs as they are now, whether the store knows them or not.</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What <see cref="IJobStore.ReservedIds"/> is afterwards; null leaves it.</summary>
    public long? ReservedIds { get; init; }

    /// <summary>Whether it has to survive the loss of power too, when the call returns.</summary>
    public bool Durable { get; init; }
}

/// <summary>A job that is accepted.</summary>
/// <param name="Job">The job, which the store does not know.</param>
/// <param name="Stdin">Its standard input, kept until it starts.</param>
/// <param name="Key">The client's name for the submission.</param>
public sealed record Addition(JobRecord Job, ReadOnlyMemory<byte> Stdin = default, IdempotencyKey? Key = null);

/// <summary>Jobs that are accepted together.</summary>
/// <param name="Jobs">The jobs, which the store does not know, ids ascending; their own keys are not looked at.</param>
/// <param name="Batch">The batch that they are, whose id the store gives; null when they are none.</param>
/// <param name="Key">The client's name for the submission of all; it stands for the first of them.</param>
public sealed record JobGroup(IReadOnlyList<Addition> Jobs, BatchRecord? Batch = null, IdempotencyKey? Key = null);

/// <summary>What became of jobs that were to be accepted together.</summary>
/// <param name="First">What became of the first, and so of all.</param>
/// <param name="Batch">The id of the batch that was made; null when none was.</param>
public readonly record struct GroupOutcome(AdditionOutcome First, long? Batch);

/// <summary>A job as it is now.</summary>
/// <param name="Job">The job.</param>
/// <param name="Output">What is kept of its output, once it is over.</param>
public sealed record Change(JobRecord Job, KeptOutput? Output = null)
{
    /// <summary>Whether there may be labels of it that it has no more; most jobs never have any.</summary>
    public bool HasHadLabels { get; init; } = true;
}

/// <summary>What became of an addition.</summary>
/// <param name="Job">The job that the key stands for.</param>
/// <param name="Fingerprint">Of what was submitted under the key before; null when the job was added.</param>
public readonly record struct AdditionOutcome(long Job, byte[]? Fingerprint = null)
{
    /// <summary>Whether it was added.</summary>
    public bool IsNew => Fingerprint is null;
}
