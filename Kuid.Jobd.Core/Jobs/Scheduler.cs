using System.Collections.Concurrent;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Gives jobs their turn: each lane runs at most its number of jobs at once, the next by priority and age; a job without a
/// lane runs at once.
/// </summary>
/// <param name="runner">What runs them.</param>
/// <param name="concurrency">How many jobs a lane runs at once.</param>
public sealed class Scheduler(JobRunner runner, int concurrency)
{
    /// <summary>The lane of jobs that name none but want one.</summary>
    public const string DefaultLane = "default";

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Takes a queued job.</summary>
    internal void Schedule(Job job)
    {
        if (job.Spec.Lane is { } name)
        {
            _lanes.GetOrAdd(name, _ => new Lane(runner, concurrency)).Queue.Add(job);
        }
        else
        {
            _ = runner.RunAsync(job);
        }
    }

    /// <summary>Ends the lanes when what waits in them has had its turn.</summary>
    internal void Stop()
    {
        foreach (Lane lane in _lanes.Values)
        {
            lane.Queue.Complete();
        }
    }

    /// <summary>A queue and the loop that takes from it.</summary>
    private sealed class Lane
    {
        private readonly JobRunner _runner;
        private readonly SemaphoreSlim _slots;

        internal Lane(JobRunner runner, int concurrency)
        {
            _runner = runner;
            _slots = new SemaphoreSlim(concurrency);
            _ = DispatchAsync();
        }

        internal JobQueue Queue { get; } = new();

        // The slot comes before the job, so that a job which arrives while all slots are taken can still overtake.
        private async Task DispatchAsync()
        {
            while (await Queue.WaitAsync())
            {
                await _slots.WaitAsync();
                if (Queue.TryTake(out Job? job))
                {
                    _ = RunAsync(job);
                }
                else
                {
                    _slots.Release();
                }
            }
        }

        private async Task RunAsync(Job job)
        {
            await _runner.RunAsync(job);
            _slots.Release();
        }
    }
}
