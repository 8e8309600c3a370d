using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Storage;

/// <summary>What the writer of the history is asked for. It completes when that is in the store, or cannot be.</summary>
internal abstract class HistoryRequest
{
    /// <summary>Gives up: the store refused.</summary>
    internal abstract void Fail(Exception e);
}

/// <summary>A request with an answer.</summary>
internal abstract class HistoryRequest<T> : HistoryRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Answer => _answer.Task;

    internal void Succeed(T answer) => _answer.TrySetResult(answer);

    internal override void Fail(Exception e) => _answer.TrySetException(e);
}

/// <summary>Take a job in, durably.</summary>
internal sealed class AddRequest(Addition addition) : HistoryRequest<AdditionOutcome>
{
    internal Addition Addition { get; } = addition;
}

/// <summary>Write a job as it then is. It is tried until it succeeds; the answer says whether it was written or given up.</summary>
/// <param name="durable">Whether it has to survive the loss of power too.</param>
internal sealed class SaveRequest(Job job, KeptOutput? output, bool durable) : HistoryRequest<bool>
{
    internal Job Job { get; } = job;

    internal KeptOutput? Output { get; private set; } = output;

    internal bool IsDurable { get; private set; } = durable;

    /// <summary>A request for the same job that this one also fulfils.</summary>
    internal SaveRequest? Earlier { get; private set; }

    internal void Absorb(SaveRequest earlier)
    {
        Earlier = earlier;
        Output ??= earlier.Output;
        IsDurable |= earlier.IsDurable;
    }

    internal void DropOutput() => Output = Job.Kept = null;

    internal void Finish(bool written)
    {
        for (SaveRequest? request = this; request is not null; request = request.Earlier)
        {
            request.Succeed(written);
        }
    }
}

/// <summary>Remove jobs that are over.</summary>
internal sealed class DeleteRequest(IReadOnlyList<long> ids) : HistoryRequest<IReadOnlyList<long>>
{
    internal IReadOnlyList<long> Ids { get; } = ids;
}

/// <summary>Remove some of what lies before a cut.</summary>
internal sealed class PruneRequest(RetentionCut cut, int most) : HistoryRequest<PruneStep>
{
    internal RetentionCut Cut { get; } = cut;

    internal int Most { get; } = most;
}

/// <summary>What is asked of the store alone, between the batches of the writer.</summary>
internal interface IStoreRequest
{
    /// <summary>Does it, in one transaction, and answers.</summary>
    void Do(IJobStore store);
}

/// <summary>Keep, change or forget what is no job: a host, a queue, a batch, a schedule.</summary>
internal sealed class SettingRequest<T>(Func<IJobStore, T> change) : HistoryRequest<T>, IStoreRequest
{
    public void Do(IJobStore store) => Succeed(change(store));
}

/// <summary>Take jobs in together, durably: all of them or none.</summary>
internal sealed class AddAllRequest(JobGroup group) : HistoryRequest<GroupOutcome>
{
    internal JobGroup Group { get; } = group;
}

/// <summary>Answer when everything before has been tried.</summary>
internal sealed class FlushRequest : HistoryRequest<bool>;
