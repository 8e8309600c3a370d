using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The newest changes of the states of all jobs, numbered, so that any number of readers can follow them at their own pace and
/// come back for what they missed.
/// </summary>
/// <remarks>
/// There is one ring and no queue for each reader: a reader is a number, and one that falls behind further than the ring
/// reaches is told so. The ring is bounded by its count and by the bytes that its jobs' commands and variables have. It begins
/// with the first reader, so a daemon that nobody follows keeps nothing.
/// </remarks>
/// <param name="most">How many changes are kept at most.</param>
/// <param name="mostBytes">How many bytes they may have together; the newest is kept in any case.</param>
public sealed class RecentChanges(JobChanges changes, int most = 4096, long mostBytes = 16 * 1024 * 1024)
{
    private readonly Lock _gate = new();
    private JobRecord?[] _ring = [];
    private IDisposable? _subscription;
    private TaskCompletionSource? _added;
    private long _keptBytes;
    private long _first = 1;
    private long _last;

    /// <summary>The number of the newest change; 0 when there was none. From the first call on changes are kept.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                if (_subscription is null)
                {
                    _ring = new JobRecord?[most];
                    _subscription = changes.Subscribe(Add, Forget);
                }

                return _last;
            }
        }
    }

    /// <summary>The change after a number, and its number; null when there is none yet.</summary>
    /// <param name="isGap">Whether changes after that number are not kept any more; then there is no change here.</param>
    public (long Number, JobRecord Job)? After(long number, out bool isGap)
    {
        lock (_gate)
        {
            isGap = number + 1 < _first;
            return isGap || number >= _last ? null : (number + 1, At(number + 1)!);
        }
    }

    /// <summary>Completes when there is a change after a number.</summary>
    public Task AddedAfter(long number)
    {
        lock (_gate)
        {
            return number < _last
                ? Task.CompletedTask
                : (_added ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private ref JobRecord? At(long number) => ref _ring[number % most];

    private void ForgetFirst()
    {
        _keptBytes -= BytesOf(At(_first)!);
        At(_first++) = null;
    }

    private static long BytesOf(JobRecord job) =>
        job.Argv.Sum(word => (long)word.Length) + job.Environment.Sum(variable => (long)variable.Length) + (job.Pipeline?.Length ?? 0)
        + job.Labels.Sum(label => (long)label.Key.Length + label.Value.Length);

    private void Add(JobRecord job)
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            while (_first <= _last && (_last - _first + 1 == most || _keptBytes + BytesOf(job) > mostBytes))
            {
                ForgetFirst();
            }

            At(++_last) = job;
            _keptBytes += BytesOf(job);

            (added, _added) = (_added, null);
        }

        added?.SetResult();
    }

    // The number that stands for what was missed is one that no reader has had: each of them finds a gap there.
    private void Forget()
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            while (_first <= _last)
            {
                ForgetFirst();
            }

            _first = ++_last + 1;
            (added, _added) = (_added, null);
        }

        added?.SetResult();
    }
}
