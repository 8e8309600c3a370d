using System.Collections.Concurrent;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// How many jobs of one sort wait and run, with how much in memory, which is bounded in all and for each principal. There are two:
/// those that are on disk, which wait for their turn, and those whose client waits for them at a door. So a full queue keeps nobody
/// from a door.
/// </summary>
internal sealed class Backlog
{
    private readonly ConcurrentDictionary<string, int> _ofPrincipal = new(StringComparer.Ordinal);
    private int _jobs;
    private long _bytes;

    /// <summary>How many jobs may wait and run.</summary>
    internal int MostJobs { get; set; } = 100_000;

    /// <summary>How many of them may be one principal's, so that there is room for the others whatever one of them does.</summary>
    internal int MostJobsEach { get; set; } = int.MaxValue;

    /// <summary>How many bytes of commands and variables they may hold in memory together.</summary>
    internal long MostBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Whether there is none.</summary>
    internal bool IsEmpty => Volatile.Read(ref _jobs) == 0;

    internal void Add(JobSpec spec)
    {
        Interlocked.Increment(ref _jobs);
        Interlocked.Add(ref _bytes, spec.Bytes);
        _ofPrincipal.AddOrUpdate(spec.Principal, 1, (_, jobs) => jobs + 1);
    }

    internal void Remove(JobSpec spec)
    {
        // Names are the clients': one of whom nothing is left goes.
        if (_ofPrincipal.AddOrUpdate(spec.Principal, 0, (_, jobs) => jobs - 1) == 0)
        {
            _ofPrincipal.TryRemove(KeyValuePair.Create(spec.Principal, 0));
        }

        Interlocked.Add(ref _bytes, -spec.Bytes);
        Interlocked.Decrement(ref _jobs);
    }

    /// <summary>Whether there is room for more.</summary>
    /// <param name="more">Jobs of one principal.</param>
    /// <exception cref="QueueFullException">There is none.</exception>
    internal void ThrowIfFull(IReadOnlyList<JobSpec> more)
    {
        if (Volatile.Read(ref _jobs) + more.Count > MostJobs)
        {
            throw new QueueFullException($"{MostJobs} jobs wait or run already, which is the most");
        }

        if (more.Count > 0 && _ofPrincipal.GetValueOrDefault(more[0].Principal) + more.Count > MostJobsEach)
        {
            throw new QueueFullException($"{MostJobsEach} jobs of {more[0].Principal} wait or run already, which is the most for one");
        }

        if (Volatile.Read(ref _bytes) + more.Sum(spec => spec.Bytes) > MostBytes)
        {
            throw new QueueFullException($"the commands and variables of the jobs that wait and run have {MostBytes} bytes, which is the most");
        }
    }
}
