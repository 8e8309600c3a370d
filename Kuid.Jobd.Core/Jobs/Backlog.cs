namespace Kuid.Jobd.Core.Jobs;

/// <summary>How much waits and runs, which is bounded, and when nothing does.</summary>
internal sealed class Backlog
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _jobs;
    private long _bytes;
    private bool _closed;

    /// <summary>How many jobs may wait and run.</summary>
    internal int MostJobs { get; set; } = 100_000;

    /// <summary>How many bytes of commands and variables they may hold in memory together.</summary>
    internal long MostBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Completes when it was closed and nothing is left.</summary>
    internal Task Idle => _idle.Task;

    internal void Add(JobSpec spec)
    {
        Interlocked.Increment(ref _jobs);
        Interlocked.Add(ref _bytes, spec.Bytes);
    }

    internal void Remove(JobSpec spec)
    {
        Interlocked.Add(ref _bytes, -spec.Bytes);
        Interlocked.Decrement(ref _jobs);
        CompleteIfIdle();
    }

    /// <summary>Nothing more is to come.</summary>
    internal void Close()
    {
        Volatile.Write(ref _closed, true);
        CompleteIfIdle();
    }

    /// <summary>Whether there is room for more.</summary>
    /// <exception cref="QueueFullException">There is none.</exception>
    internal void ThrowIfFull(IReadOnlyList<JobSpec> more)
    {
        if (Volatile.Read(ref _jobs) + more.Count > MostJobs)
        {
            throw new QueueFullException($"{MostJobs} jobs wait or run already, which is the most");
        }

        if (Volatile.Read(ref _bytes) + more.Sum(spec => spec.Bytes) > MostBytes)
        {
            throw new QueueFullException($"the commands and variables of the jobs that wait and run have {MostBytes} bytes, which is the most");
        }
    }

    private void CompleteIfIdle()
    {
        if (Volatile.Read(ref _closed) && Volatile.Read(ref _jobs) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
