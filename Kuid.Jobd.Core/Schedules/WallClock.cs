namespace Kuid.Jobd.Core.Schedules;

/// <summary>Notices that the clock on the wall was set, by the one that nobody can set.</summary>
internal sealed class WallClock(TimeProvider clock)
{
    private DateTimeOffset _wall = clock.GetUtcNow();
    private long _ticks = clock.GetTimestamp();

    /// <summary>By how much it has been set back since it was last asked; null when it was not.</summary>
    internal TimeSpan? SetBackSinceLastLook()
    {
        DateTimeOffset wall = clock.GetUtcNow();
        long ticks = clock.GetTimestamp();
        TimeSpan back = clock.GetElapsedTime(_ticks, ticks) - (wall - _wall);
        (_wall, _ticks) = (wall, ticks);
        return back > TimeSpan.Zero ? back : null;
    }
}
