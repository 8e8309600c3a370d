using System.Diagnostics.CodeAnalysis;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The jobs that wait in a queue: the highest priority first, among equals the oldest. Not thread-safe: the scheduler's lock
/// guards it.
/// </summary>
internal sealed class JobQueue
{
    private readonly SortedSet<Job> _jobs = new(
        Comparer<Job>.Create(static (a, b) => (b.Spec.Priority, a.Id).CompareTo((a.Spec.Priority, b.Id))));

    internal int Count => _jobs.Count;

    internal void Add(Job job) => _jobs.Add(job);

    internal void Remove(Job job) => _jobs.Remove(job);

    internal bool TryTake([NotNullWhen(true)] out Job? job)
    {
        job = _jobs.Min;
        return job is not null && _jobs.Remove(job);
    }
}
