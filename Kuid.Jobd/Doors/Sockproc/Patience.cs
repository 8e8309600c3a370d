using System.Diagnostics;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>
/// How long a client is still waited for that has to send or to take bytes: each wait costs its time, each byte brings some back. Whoever
/// pauses for longer than the limit is given up, and so is whoever moves a byte now and then just in time.
/// </summary>
/// <remarks>Only waiting costs: while the job or the daemon takes its time the client's does not pass.</remarks>
/// <param name="most">The longest pause.</param>
/// <param name="rate">How many bytes bring a second back; null when any byte brings all back.</param>
internal sealed class Patience(TimeSpan most, int? rate)
{
    private readonly TimeSpan _most = most;
    private TimeSpan _left = most;

    /// <summary>Bytes have moved.</summary>
    internal void Moved(long bytes)
    {
        _left = rate is { } perSecond
            ? TimeSpan.FromSeconds(Math.Min(_most.TotalSeconds, _left.TotalSeconds + ((double)bytes / perSecond)))
            : _most;
    }

    /// <summary>Waits for the client.</summary>
    /// <returns>False when it has had its time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    internal async ValueTask<bool> WaitAsync(Func<CancellationToken, ValueTask> wait, CancellationToken cancellation = default)
    {
        long begun = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(_left);
        try
        {
            await wait(over.Token);
            TimeSpan left = _left - Stopwatch.GetElapsedTime(begun);
            _left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
