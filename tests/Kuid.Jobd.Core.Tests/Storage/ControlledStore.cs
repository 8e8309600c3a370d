using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>A store in memory that the test can hold up and make refuse, and that remembers every batch it has written.</summary>
internal sealed class ControlledStore : IJobStore
{
    private readonly Lock _gate = new();
    private readonly List<WriteBatch> _written = [];
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile int _calls;

    /// <summary>What a batch is refused with; null to write it.</summary>
    internal Func<WriteBatch, Exception?> Refuse { get; set; } = _ => null;

    /// <summary>How many batches have come, whatever became of them.</summary>
    internal int Calls => _calls;

    internal IReadOnlyList<WriteBatch> Written
    {
        get
        {
            lock (_gate)
            {
                return [.. _written];
            }
        }
    }

    internal IReadOnlyList<Change> Changes => [.. Written.SelectMany(batch => batch.Changes)];

    public string Description => "memory 1.0";

    public long ReservedIds { get; private set; }

    public bool WasLeftOpen => false;

    public long WriteAheadBytes { get; set; }

    internal void RefuseAll(StoreFault fault) => Refuse = _ => new StoreException(fault, "refused");

    internal void Accept() => Refuse = _ => null;

    internal void Hold() => _open.Reset();

    internal void LetGo() => _open.Set();

    public IReadOnlyList<AdditionOutcome> Write(WriteBatch batch)
    {
        Interlocked.Increment(ref _calls);
        _open.Wait(Reading.Limit).Should().BeTrue();
        if (Refuse(batch) is { } refusal)
        {
            throw refusal;
        }

        lock (_gate)
        {
            _written.Add(batch);
        }

        ReservedIds = batch.ReservedIds ?? ReservedIds;
        return [.. batch.Additions.Select(addition => new AdditionOutcome(addition.Job.Id))];
    }

    public GroupOutcome AddAll(JobGroup group, long? reservedIds) =>
        new(Write(new WriteBatch { Additions = group.Jobs, ReservedIds = reservedIds, Durable = true })[0], Batch: null);

    public bool StopBatch(long id) => true;

    public IReadOnlyList<long> Delete(IReadOnlyList<long> ids) => ids;

    public PruneStep Prune(RetentionCut cut, int most) => new([], [], 0);

    public bool Summarize(int jobs, int newest) => false;

    public void PutHost(HostRecord host) => throw new StoreException(StoreFault.Failed, "no host is kept here");

    public bool DeleteHost(string name) => false;

    public void PutSchedule(ScheduleRecord schedule) => throw new StoreException(StoreFault.Failed, "no schedule is kept here");

    public bool DeleteSchedule(string name) => false;

    public void PutQueue(QueueRecord queue) => throw new StoreException(StoreFault.Failed, "no queue is kept here");

    public bool DeleteQueue(string name) => false;

    public IJobReader OpenReader() => throw new StoreException(StoreFault.Failed, "nothing is read from here");

    public void Dispose() => _open.Dispose();
}
