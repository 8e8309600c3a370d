using System.Diagnostics.CodeAnalysis;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Gives jobs their turn: each queue runs at most its number of jobs at once, the next by priority and age; a job without a
/// queue runs at once.
/// </summary>
/// <param name="runner">What runs them.</param>
/// <param name="concurrency">How many jobs a queue runs at once.</param>
public sealed class Scheduler(JobRunner runner, int concurrency)
{
    /// <summary>The queue of jobs that name none but want one.</summary>
    public const string DefaultQueue = "default";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>How many queues there are now, which are those in which something waits or runs, and how many jobs wait in them.</summary>
    internal (int Queues, int Waiting) Held
    {
        get
        {
            lock (_gate)
            {
                return (_lanes.Count, _lanes.Values.Sum(lane => lane.Waiting.Count));
            }
        }
    }

    /// <summary>Takes a queued job.</summary>
    internal void Schedule(Job job)
    {
        if (job.Spec.Queue is not { } name)
        {
            _ = runner.RunAsync(job);
            return;
        }

        Lane? begun = Enqueue(name, job);

        // Looked at after it is in the queue: its end either finds it there or is seen here.
        if (job.Ended.IsCompleted)
        {
            Withdraw(job);
        }

        if (begun is not null)
        {
            _ = WorkAsync(name, begun);
        }
    }

    /// <summary>Takes a job that is over out of its queue, where it would be held until its turn.</summary>
    internal void Withdraw(Job job)
    {
        lock (_gate)
        {
            if (job.Spec.Queue is { } name && _lanes.TryGetValue(name, out Lane? lane))
            {
                lane.Waiting.Remove(job);
            }
        }
    }

    /// <summary>Puts a job into a queue, which is made when it is not there.</summary>
    /// <returns>The queue when it may run one job more than it does.</returns>
    private Lane? Enqueue(string name, Job job)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(name, out Lane? lane))
            {
                _lanes[name] = lane = new Lane();
            }

            lane.Waiting.Add(job);
            if (lane.Workers == concurrency)
            {
                return null;
            }

            lane.Workers++;
            return lane;
        }
    }

    // The next job is chosen when there is a place for it, so that one which arrives while all are taken can still overtake.
    private async Task WorkAsync(string name, Lane lane)
    {
        while (TryTake(name, lane, out Job? job))
        {
            await runner.RunAsync(job);
        }
    }

    // Names are the clients' to choose: a queue goes with its last worker, or each name would stay for ever.
    private bool TryTake(string name, Lane lane, [NotNullWhen(true)] out Job? job)
    {
        lock (_gate)
        {
            if (lane.Waiting.TryTake(out job))
            {
                return true;
            }

            if (--lane.Workers == 0)
            {
                _lanes.Remove(name);
            }

            return false;
        }
    }

    /// <summary>A queue, and how many take from it.</summary>
    private sealed class Lane
    {
        internal JobQueue Waiting { get; } = new();

        internal int Workers { get; set; }
    }
}
