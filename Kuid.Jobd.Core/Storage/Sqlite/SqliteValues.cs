namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>Values as SQLite keeps them, and back.</summary>
internal static class SqliteValues
{
    /// <summary>Microseconds since 1970.</summary>
    internal static long From(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static long? From(DateTime? time) => time is { } t ? From(t) : null;

    /// <summary>Microseconds.</summary>
    internal static long? From(TimeSpan? span) => span?.Ticks / TimeSpan.TicksPerMicrosecond;

    internal static long From(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    internal static DateTime ToTime(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    internal static DateTime? ToTime(long? microseconds) => microseconds is { } us ? ToTime(us) : null;

    internal static TimeSpan ToSpan(long microseconds) => TimeSpan.FromMicroseconds(microseconds);

    internal static TimeSpan? ToSpan(long? microseconds) => microseconds is { } us ? TimeSpan.FromMicroseconds(us) : null;

    /// <summary>The elements, each ended by a NUL, which none of them contains.</summary>
    internal static byte[] FromList(IReadOnlyList<byte[]> list)
    {
        byte[] all = new byte[list.Sum(element => element.Length + 1)];
        int at = 0;
        foreach (byte[] element in list)
        {
            element.CopyTo(all, at);
            at += element.Length + 1;
        }

        return all;
    }

    internal static IReadOnlyList<byte[]> ToList(byte[] all)
    {
        var list = new List<byte[]>();
        for (int at = 0, end; at < all.Length; at = end + 1)
        {
            end = Array.IndexOf(all, (byte)0, at);
            list.Add(all[at..end]);
        }

        return list;
    }
}
