using System.Threading.Tasks.Sources;

namespace Kuid.Jobd.Core.Descriptors;

/// <summary>
/// One direction of readiness of a descriptor: raised by the reactor, awaited by at most one task at a time. A raise with
/// nobody waiting is kept for the next wait, so the edge that falls between "would block" and "wait" is not lost.
/// </summary>
/// <param name="wakes">Where whoever waits goes on.</param>
internal sealed class Signal(Wakes wakes = Wakes.OnPool) : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = wakes == Wakes.OnPool };
    private CancellationTokenRegistration _cancellation;
    private bool _raised;
    private bool _waiting;
    private bool _closed;

    /// <summary>Ends the current wait, or lets the next one pass at once.</summary>
    internal void Raise()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _raised = true;
                return;
            }

            _waiting = false;
        }

        _source.SetResult(true);
    }

    /// <summary>Lets every wait pass from now on: the descriptor is closed, and using it will say so.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        Raise();
    }

    /// <summary>Completes when the signal is raised, at once if it was since the last wait.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting.</exception>
    internal ValueTask WaitAsync(CancellationToken cancellation)
    {
        short version;
        lock (_gate)
        {
            if (_raised || _closed)
            {
                _raised = false;
                return ValueTask.CompletedTask;
            }

            if (cancellation.IsCancellationRequested)
            {
                return ValueTask.FromCanceled(cancellation);
            }

            if (_waiting)
            {
                throw new InvalidOperationException("A descriptor's direction is awaited by one task at a time.");
            }

            _source.Reset();
            version = _source.Version;
            _waiting = true;
        }

        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation.UnsafeRegister(
                static (state, token) =>
                {
                    var (signal, version) = ((Signal, short))state!;
                    signal.Cancel(version, token);
                },
                (this, version));
        }

        return new ValueTask(this, version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _cancellation.Dispose();
        _cancellation = default;
        _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // The version tells a late callback of an earlier wait from one that is meant.
    private void Cancel(short version, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_waiting || _source.Version != version)
            {
                return;
            }

            _waiting = false;
        }

        _source.SetException(new OperationCanceledException(cancellation));
    }
}
