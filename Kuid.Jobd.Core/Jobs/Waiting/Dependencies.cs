using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>Which jobs wait for the end of which others.</summary>
/// <remarks>
/// <para>
/// The end of a job is told here once it is in the history, so that no crash leaves one that ran after a job which, as far as
/// the next daemon can see, never ended. A job that is taken in is first noted with all that it waits for and only then are
/// those looked at: an end in between is told to the note, and one from before is in the history.
/// </para>
/// <para>
/// A job waits for older ones only, those with smaller ids; any other id is that of a job that is not there. So no circle can
/// come to be.
/// </para>
/// </remarks>
/// <param name="find">The jobs in memory.</param>
/// <param name="statesOf">The states of jobs in the history; what is not there is left out.</param>
/// <param name="settled">Is called for a job that waits for nothing any more, or, with the reason, for one whose wait is in vain.</param>
internal sealed class Dependencies(
    Func<long, Job?> find, Func<IReadOnlyList<long>, Task<IReadOnlyDictionary<long, JobState>>> statesOf, Action<Job, string?> settled,
    TimeProvider clock)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, HashSet<Job>> _waitersOf = [];
    private readonly Dictionary<Job, HashSet<long>> _openOf = [];

    /// <summary>How many jobs wait.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _openOf.Count;
            }
        }
    }

    /// <summary>Takes a job in that has to wait until it is settled.</summary>
    internal void Add(Job job)
    {
        IReadOnlyList<long> after = job.Spec.After;
        lock (_gate)
        {
            _openOf[job] = [.. after];
            foreach (long id in after)
            {
                if (!_waitersOf.TryGetValue(id, out HashSet<Job>? waiters))
                {
                    _waitersOf[id] = waiters = [];
                }

                waiters.Add(job);
            }
        }

        long[] elsewhere = [.. after.Where(id => id >= job.Id || find(id) is not { IsRecorded: false })];
        if (elsewhere.Length > 0)
        {
            _ = LookUpAsync(job, elsewhere);
        }
    }

    /// <summary>A job is over, and in the history as that.</summary>
    internal void Ended(long id, JobState state)
    {
        List<Job> waiters;
        lock (_gate)
        {
            waiters = _waitersOf.TryGetValue(id, out HashSet<Job>? all) ? [.. all.OrderBy(job => job.Id)] : [];
        }

        foreach (Job waiter in waiters)
        {
            Judge(waiter, id, state);
        }
    }

    /// <summary>A job waits no longer, for whatever reason.</summary>
    internal void Remove(Job job)
    {
        lock (_gate)
        {
            Forget(job);
        }
    }

    // For as long as the job waits, a history that cannot be read now is asked again, and so is one that says a job is not over which
    // is not in memory: that one is on its way in, or out, or is left to the next start.
    private async Task LookUpAsync(Job job, long[] ids)
    {
        while (ids.Length > 0 && Waits(job))
        {
            try
            {
                IReadOnlyDictionary<long, JobState> states = await statesOf(ids);
                ids = [.. ids.Where(id => !IsSettled(job, id, states))];
            }
            catch (StoreException)
            {
                // The pause is for this too.
            }

            if (ids.Length > 0)
            {
                await Task.Delay(RetryPause, clock);
            }
        }
    }

    private bool IsSettled(Job job, long id, IReadOnlyDictionary<long, JobState> states)
    {
        JobState? state = id < job.Id && states.TryGetValue(id, out JobState found) ? found : null;
        if (state is { } known && !JobTransitions.IsTerminal(known))
        {
            // Of one that is in memory by now the end will be told.
            return find(id) is { IsRecorded: false };
        }

        Judge(job, id, state);
        return true;
    }

    private bool Waits(Job job)
    {
        lock (_gate)
        {
            return _openOf.ContainsKey(job);
        }
    }

    private void Judge(Job job, long id, JobState? state)
    {
        string? fault = job.Spec.AfterMode == AfterMode.End || state == JobState.Succeeded ? null
            : state is { } known ? $"job {id}, which it comes after, is {known.ToString().ToLowerInvariant()}"
            : $"job {id}, which it comes after, is not there";
        lock (_gate)
        {
            if (!_openOf.TryGetValue(job, out HashSet<long>? open) || !open.Remove(id) || (fault is null && open.Count > 0))
            {
                return;
            }

            Forget(job);
        }

        settled(job, fault);
    }

    private void Forget(Job job)
    {
        _openOf.Remove(job);
        foreach (long id in job.Spec.After)
        {
            if (_waitersOf.TryGetValue(id, out HashSet<Job>? waiters) && waiters.Remove(job) && waiters.Count == 0)
            {
                _waitersOf.Remove(id);
            }
        }
    }
}
