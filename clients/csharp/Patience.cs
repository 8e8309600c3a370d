namespace Kuid.Client;

/// <summary>When to try again, and when to give up: so long after the first failure, and anew after progress.</summary>
internal sealed class Patience(TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long? _since;
    private TimeSpan _next = FirstPause;

    internal void Progress() => (_since, _next) = (null, FirstPause);

    /// <summary>Waits until it is time for another attempt; false, at once, when there should be none.</summary>
    /// <param name="after">How long the daemon said to wait, if it said so.</param>
    internal async Task<bool> AgainAsync(TimeSpan? after, CancellationToken cancellation)
    {
        long now = TimeProvider.System.GetTimestamp();
        _since ??= now;
        TimeSpan wait = after ?? _next;
        if (TimeProvider.System.GetElapsedTime(_since.Value, now) + wait > limit)
            return false;

        _next = _next * 2 < LongestPause ? _next * 2 : LongestPause;
        await Task.Delay(wait, cancellation).ConfigureAwait(false);
        return true;
    }
}
