using System.Globalization;

namespace Kuid.Cli.Verbs;

/// <summary>Durations, sizes and times as people type them.</summary>
internal static class Quantity
{
    /// <summary>How times are typed, for the help.</summary>
    internal const string TimeHelp = "RFC 3339, 2026-03-01 12:00 of this time zone, or +10m from now";

    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd' 'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd"];
    private static readonly string[] OffsetFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Reads a duration: seconds, or with a unit of sleep(1): <c>90</c>, <c>0.5s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c>.</summary>
    /// <returns>Seconds; null for no text.</returns>
    /// <exception cref="UsageException">It is none, or below the least.</exception>
    internal static double? ReadSeconds(string option, string? text, bool zero = false)
    {
        if (text is null)
        {
            return null;
        }

        return Scale(text, unit => unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => null }) is { } seconds && (zero || seconds > 0)
            ? seconds
            : throw new UsageException($"{option} \"{text}\": allowed: seconds {(zero ? "from" : "above")} 0, or with a unit: 90s, 10m, 2h, 1d");
    }

    /// <summary>Reads a size: bytes, or with a unit: <c>64K</c>, <c>1.5M</c>, <c>2G</c>, powers of 1024.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static long? ReadBytes(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        double? bytes = Scale(
            text, unit => unit switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, 'T' => 1L << 40, _ => null });
        return bytes is { } n and < long.MaxValue && n == Math.Floor(n)
            ? (long)n
            : throw new UsageException($"{option} \"{text}\": allowed: bytes from 0, or with a unit: 64K, 1.5M, 2G");
    }

    /// <summary>Reads a time.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static DateTimeOffset? ReadTime(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.StartsWith('+'))
        {
            return TimeProvider.System.GetUtcNow().AddSeconds(ReadSeconds(option, text[1..], zero: true)!.Value);
        }

        bool isLocal = DateTimeOffset.TryParseExact(
            text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time);
        return isLocal || DateTimeOffset.TryParseExact(text, OffsetFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            ? time
            : throw new UsageException($"{option} \"{text}\": allowed: {TimeHelp}");
    }

    /// <summary>A time as the daemon reads it.</summary>
    internal static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static double? Scale(string text, Func<char, double?> factorOf)
    {
        double? factor = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? factorOf(text[^1]) : 1;
        string number = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? text[..^1] : text;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value * factor
            : null;
    }
}
