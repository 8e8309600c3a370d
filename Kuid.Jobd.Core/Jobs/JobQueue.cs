using System.Threading.Channels;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>The jobs that wait in a queue: the highest priority first, among equals the oldest.</summary>
internal sealed class JobQueue
{
    private readonly Channel<Job> _jobs = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<Job>
    {
        Comparer = Comparer<Job>.Create(static (a, b) => (b.Spec.Priority, a.Id).CompareTo((a.Spec.Priority, b.Id))),
        SingleReader = true,
    });

    internal void Add(Job job) => _jobs.Writer.TryWrite(job);

    internal void Complete() => _jobs.Writer.TryComplete();

    internal ValueTask<bool> WaitAsync() => _jobs.Reader.WaitToReadAsync();

    internal bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Job? job) => _jobs.Reader.TryRead(out job);
}
