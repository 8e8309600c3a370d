using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>Every change of the state of every job, for those who want to know of them as they happen.</summary>
/// <remarks>
/// <para>
/// A job changes under its own lock, which must not be held while a stranger is called. So a change is only put into the
/// subscriber's own queue there, which gives the order of each job's changes, and a work item of the thread pool takes it out
/// and calls. A queue for each subscriber, rather than one for all: who is slow makes nobody wait but itself, and who throws
/// loses one call. A lock and a queue, rather than a Channel: a queue that was full has to be told apart from one that is empty
/// again in one step, or the news that something was missed could come after what it does not contain.
/// </para>
/// <para>
/// The queues are bounded. Who has fallen behind by more gets nothing until the queue is empty; then it is told that it missed
/// something, and everything that happens from then on comes again. Without subscribers a change costs a look at an empty array.
/// </para>
/// </remarks>
public sealed class JobChanges
{
    /// <summary>How many changes may wait for a subscriber.</summary>
    public const int MostWaiting = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly ILogger _log;
    private volatile Subscription[] _subscriptions = [];

    /// <summary>Nobody has subscribed yet.</summary>
    public JobChanges(ILogger log)
    {
        _log = log;
        Recent = new RecentChanges(this);
    }

    /// <summary>What has happened lately, for those who come back for what they missed.</summary>
    public RecentChanges Recent { get; }

    /// <summary>Subscribes to what happens from now on. A job that is new comes with its first state.</summary>
    /// <param name="changed">
    /// Is called with the job as it was right after each change of its state, one call at a time, in order for each job, on the thread
    /// pool and under no lock; it must not block. Of a job that has ended the history may know a moment later.
    /// </param>
    /// <param name="missed">Is called in the same way when changes were left out: what they were has to be looked up.</param>
    /// <returns>Ends the subscription; a call that has begun is not waited for.</returns>
    public IDisposable Subscribe(Action<JobRecord> changed, Action? missed = null)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var subscription = new Subscription(this, changed, missed, _log);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    /// <summary>Whether anybody wants to know.</summary>
    internal bool HasSubscribers => _subscriptions.Length > 0;

    /// <summary>Tells of a change; the caller's lock, if it holds one, gives the order.</summary>
    internal void Publish(JobRecord job)
    {
        foreach (Subscription subscription in _subscriptions)
        {
            subscription.Offer(job);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions.Where(each => each != subscription)];
        }
    }

    private sealed class Subscription(JobChanges owner, Action<JobRecord> changed, Action? missed, ILogger log) : IThreadPoolWorkItem, IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Queue<JobRecord> _waiting = new();
        private bool _isCalling;
        private bool _hasMissed;
        private bool _isOver;

        public void Dispose()
        {
            owner.Remove(this);
            lock (_gate)
            {
                _isOver = true;
                _waiting.Clear();
            }
        }

        internal void Offer(JobRecord job)
        {
            lock (_gate)
            {
                _hasMissed |= _waiting.Count == MostWaiting;
                if (_isOver || _hasMissed)
                {
                    return;
                }

                _waiting.Enqueue(job);
                if (_isCalling)
                {
                    return;
                }

                _isCalling = true;
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            while (TryTake(out JobRecord? job))
            {
                try
                {
                    Call(job);
                }
                catch (Exception e)
                {
                    Log.SubscriberFailed(log, e);
                }
            }
        }

        private void Call(JobRecord? job)
        {
            if (job is not null)
            {
                changed(job);
            }
            else
            {
                missed?.Invoke();
            }
        }

        /// <summary>Takes what comes next: a job, or null for the news that some were left out.</summary>
        private bool TryTake(out JobRecord? job)
        {
            lock (_gate)
            {
                if (_waiting.TryDequeue(out job))
                {
                    return true;
                }

                _isCalling = _hasMissed && !_isOver;
                _hasMissed = false;
                return _isCalling;
            }
        }
    }
}
