namespace Kuid.Sysreq.Remote;

/// <summary>A point in time as the kernel writes it: seconds since 1970 (negative before) and nanoseconds after that, 0..999999999.</summary>
public readonly record struct UnixTime(long Seconds, uint Nanoseconds)
{
    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The same time, rounded down to 100 ns; null when it is outside the years 1 to 9999.</summary>
    public DateTimeOffset? ToDateTimeOffset() => Seconds < FirstSecond || Seconds > LastSecond
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100);

    /// <summary>The kernel's form of a .NET time.</summary>
    public static UnixTime From(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0
            ? new UnixTime(seconds - 1, (uint)(rest + TimeSpan.TicksPerSecond) * 100)
            : new UnixTime(seconds, (uint)rest * 100);
    }
}
