using System.Collections.Concurrent;

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

    private readonly ConcurrentDictionary<string, Dispatcher> _dispatchers = new(StringComparer.Ordinal);

    /// <summary>Takes a queued job.</summary>
    internal void Schedule(Job job)
    {
        if (job.Spec.Queue is { } name)
        {
            _dispatchers.GetOrAdd(name, _ => new Dispatcher(runner, concurrency)).Queue.Add(job);
        }
        else
        {
            _ = runner.RunAsync(job);
        }
    }

    /// <summary>Ends the dispatchers when what waits has had its turn.</summary>
    internal void Stop()
    {
        foreach (Dispatcher dispatcher in _dispatchers.Values)
        {
            dispatcher.Queue.Complete();
        }
    }

    /// <summary>A queue and the loop that takes from it.</summary>
    private sealed class Dispatcher
    {
        private readonly JobRunner _runner;
        private readonly SemaphoreSlim _slots;

        internal Dispatcher(JobRunner runner, int concurrency)
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
