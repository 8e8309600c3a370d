using System.Diagnostics.CodeAnalysis;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs.Waiting;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Gives jobs their turn: each queue runs at most its number of jobs at once, the next by priority and age, and of all jobs with
/// one concurrency key one at a time, and of a batch as many as it says; a job without a queue runs at once.
/// </summary>
/// <param name="runner">What runs them.</param>
/// <param name="concurrency">How many jobs a queue runs at once that has no number of its own.</param>
public sealed class Scheduler(JobRunner runner, int concurrency)
{
    /// <summary>The queue of jobs that name none but want one.</summary>
    public const string DefaultQueue = "default";

    /// <summary>How long a job without a queue waits for descriptors before it fails.</summary>
    public static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JobQueue> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueRule> _rules = new(StringComparer.Ordinal);
    private readonly RunningSlots _slots = new();

    /// <summary>How many jobs a queue runs at once that has no number of its own.</summary>
    public int DefaultConcurrency { get; } = concurrency;

    /// <summary>How many jobs a queue runs at once of which nobody has said anything; null for as many as any. It asks under the scheduler's lock.</summary>
    public Func<string, int?>? LimitOf { get; set; }

    /// <summary>The descriptors that jobs share: each takes its room before it starts, and gives it back when it has run.</summary>
    public DescriptorRoom Room { get; } = new();

    /// <summary>Is called for a job that is to wait again, after its attempt and when its place is free.</summary>
    internal Action<Job>? WaitsAgain { get; set; }

    /// <summary>Is called for a job that has run, before its place is given to another.</summary>
    internal Action<Job>? HasRun { get; set; }

    /// <summary>How many queues there are now, which are those in which something waits or runs, and how many jobs wait in them.</summary>
    internal (int Queues, int Waiting) Held
    {
        get
        {
            lock (_gate)
            {
                return (_queues.Count, _queues.Values.Sum(queue => queue.Count));
            }
        }
    }

    /// <summary>The queues in which something waits or runs, with how many.</summary>
    internal IReadOnlyDictionary<string, (int Waiting, int Running)> Counts()
    {
        lock (_gate)
        {
            return _queues.Values.ToDictionary(queue => queue.Name, queue => (queue.Count, queue.Running), StringComparer.Ordinal);
        }
    }

    /// <summary>Says how a queue is to be worked on, from now on; what runs goes on.</summary>
    /// <param name="rule">Null for as those that nothing is said of.</param>
    internal void Configure(string name, QueueRule? rule)
    {
        lock (_gate)
        {
            if (rule is { } given)
            {
                _rules[name] = given;
            }
            else
            {
                _rules.Remove(name);
            }
        }

        Work(name);
    }

    /// <summary>How many jobs a queue runs at once of which nobody has said anything.</summary>
    internal int MostUnlessSaid(string name) => LimitOf?.Invoke(name) ?? DefaultConcurrency;

    /// <summary>Starts what may run now that another number of jobs may.</summary>
    public void Reconsider(string name) => Work(name);

    /// <summary>Takes a queued job.</summary>
    internal void Schedule(Job job)
    {
        string? name;
        lock (_gate)
        {
            // Read here: on its way in it may be given another queue.
            name = job.Spec.Queue;
            if (name is not null)
            {
                Queue(name).Add(job);
            }
        }

        if (name is not null)
        {
            Work(name);
        }
        else
        {
            _ = RunAsync(job);
        }
    }

    /// <summary>Takes a job that runs already, before any that waits.</summary>
    internal void Adopt(Job job)
    {
        if (job.Spec.Queue is not { } name)
        {
            _ = RunAdoptedAsync(job);
            return;
        }

        JobQueue queue;
        lock (_gate)
        {
            queue = Queue(name);
            queue.Workers++;
            queue.Running++;
            if (job.Spec.Slot is { } slot)
            {
                _slots.Hold(slot);
            }
        }

        _ = WorkAsync(queue, job);
    }

    /// <summary>Takes a job that is to run no longer out of its queue, where it would be held until its turn.</summary>
    internal void Withdraw(Job job)
    {
        lock (_gate)
        {
            if (job.Spec.Queue is { } name && _queues.TryGetValue(name, out JobQueue? queue))
            {
                queue.Remove(job);
                ForgetIfIdle(queue);
            }
        }
    }

    /// <summary>Changes what decides of a job's turn while it may wait for that: its queue, its priority.</summary>
    /// <param name="change">Makes the change; it is called once.</param>
    internal T Change<T>(Job job, Func<T> change)
    {
        T result;
        string? name;
        lock (_gate)
        {
            bool waits = job.Spec.Queue is { } before && _queues.TryGetValue(before, out JobQueue? queue) && queue.Remove(job);
            string? old = job.Spec.Queue;
            result = change();
            name = job.Spec.Queue;
            if (waits && job.State == JobState.Queued)
            {
                Queue(name!).Add(job);
            }

            if (old is not null && _queues.TryGetValue(old, out JobQueue? left))
            {
                ForgetIfIdle(left);
            }
        }

        if (name is not null)
        {
            Work(name);
        }

        return result;
    }

    /// <summary>The jobs that wait in a queue.</summary>
    internal IReadOnlyList<Job> WaitingIn(string name)
    {
        lock (_gate)
        {
            return _queues.TryGetValue(name, out JobQueue? queue) ? [.. queue.Jobs] : [];
        }
    }

    /// <summary>Has as many work on a queue as it may and there is something to do for.</summary>
    private void Work(string name)
    {
        while (TryEmploy(name, out JobQueue? queue))
        {
            _ = WorkAsync(queue);
        }
    }

    private bool TryEmploy(string name, [NotNullWhen(true)] out JobQueue? queue)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(name, out queue) || !queue.HasReady || queue.Workers >= MostIn(name))
            {
                return false;
            }

            queue.Workers++;
            return true;
        }
    }

    // The next job is chosen when there is a place for it, so that one which arrives while all are taken can still overtake.
    private async Task WorkAsync(JobQueue queue, Job? first = null)
    {
        Job? job = first;
        while (await RunNextAsync(queue, job))
        {
            job = null;
        }
    }

    // Room first: while there is none the jobs stay in their queue, where they can be moved, paused and cancelled. One that is given
    // runs already, and has what it needs.
    private async ValueTask<bool> RunNextAsync(JobQueue queue, Job? job)
    {
        using DescriptorRoom.Place place = job is null ? await Room.EnterAsync(DescriptorRoom.PerJob) : Room.Take(DescriptorRoom.PerJob);
        if (job is null && !TryTake(queue, out job))
        {
            return false;
        }

        await runner.RunAsync(job);
        HasRun?.Invoke(job);
        foreach (string name in Finished(queue, job))
        {
            Work(name);
        }

        WaitAgain(job);
        return true;
    }

    private bool TryTake(JobQueue queue, [NotNullWhen(true)] out Job? job)
    {
        lock (_gate)
        {
            if (queue.Workers <= MostIn(queue.Name) && queue.TryTake(out job))
            {
                queue.Running++;
                return true;
            }

            queue.Workers--;
            ForgetIfIdle(queue);
            job = null;
            return false;
        }
    }

    /// <summary>Frees the place of a job, and that of its slot.</summary>
    /// <returns>The other queues in which a job may run now that waited for the slot.</returns>
    private string[] Finished(JobQueue queue, Job job)
    {
        lock (_gate)
        {
            queue.Running--;
            return job.Spec.Slot is { } slot ? [.. _slots.Release(slot).Where(other => other != queue).Select(other => other.Name)] : [];
        }
    }

    // A job that somebody waits for at a door is held back while there is no room, but not for ever: it may be one of its own kind that
    // holds the room and waits for it.
    private async Task RunAsync(Job job)
    {
        if (job.Spec.Origin == JobOrigin.Coprocess)
        {
            // Its session has taken the room.
            await runner.RunAsync(job);
        }
        else if (await TryEnterAsync() is { } place)
        {
            using (place)
            {
                await runner.RunAsync(job);
            }
        }
        else
        {
            job.RequestEnd(JobReason.Spawn, $"too many jobs run, and no room for another has come in {RoomPatience.TotalSeconds:0} seconds; nothing was run");
        }

        WaitAgain(job);
    }

    private async Task RunAdoptedAsync(Job job)
    {
        using (Room.Take(DescriptorRoom.PerJob))
        {
            await runner.RunAsync(job);
        }

        WaitAgain(job);
    }

    private async ValueTask<DescriptorRoom.Place?> TryEnterAsync()
    {
        using var patience = new CancellationTokenSource();
        ValueTask<DescriptorRoom.Place> entering = Room.EnterAsync(DescriptorRoom.PerJob, patience.Token);
        if (!entering.IsCompleted)
        {
            patience.CancelAfter(RoomPatience);
        }

        try
        {
            return await entering;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void WaitAgain(Job job)
    {
        if (job.State == JobState.Scheduled)
        {
            WaitsAgain?.Invoke(job);
        }
    }

    private int MostIn(string name) => !_rules.TryGetValue(name, out QueueRule rule) ? MostUnlessSaid(name)
        : rule.IsPaused ? 0
        : rule.Concurrency ?? MostUnlessSaid(name);

    private JobQueue Queue(string name)
    {
        if (!_queues.TryGetValue(name, out JobQueue? queue))
        {
            _queues[name] = queue = new JobQueue(name, _slots);
        }

        return queue;
    }

    // Names are the clients' to choose: a queue goes when nothing waits or runs in it, or each name would stay for ever.
    private void ForgetIfIdle(JobQueue queue)
    {
        if (queue is { Workers: 0, IsEmpty: true } && _queues.GetValueOrDefault(queue.Name) == queue)
        {
            _queues.Remove(queue.Name);
        }
    }
}

/// <summary>How a queue is worked on.</summary>
/// <param name="Concurrency">How many jobs it runs at once; null for as many as one that says nothing.</param>
/// <param name="IsPaused">Whether none is started.</param>
internal readonly record struct QueueRule(int? Concurrency, bool IsPaused);
