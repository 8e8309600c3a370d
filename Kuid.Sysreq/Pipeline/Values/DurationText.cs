using System.Globalization;
using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Lengths of time, as people and programs write and read them.</summary>
public static class DurationText
{
    private const long Second = 1_000_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>The units, for messages.</summary>
    public static string Units => "ns, us, ms, s, m, h, d and w";

    /// <summary>Its seconds as a decimal number, exact: <c>0.25</c>. That is its form in text, TSV and JSON.</summary>
    public static string Of(long nanoseconds) =>
        ((decimal)nanoseconds / Second).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>Reads a duration: <c>250ms</c>, <c>1.5h</c>, <c>1h30m</c>, <c>2d 4h</c>; a number without a unit is seconds.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        bool isNegative = rest is ['-', ..];
        rest = isNegative ? rest[1..] : rest;
        bool isOnly = true;
        Int128 sum = 0;
        do
        {
            int unitStart = LengthOf(rest, static c => char.IsAsciiDigit(c) || c == '.');
            int unitLength = LengthOf(rest[unitStart..], static c => !char.IsAsciiDigit(c) && c != '.');
            string unit = rest.Slice(unitStart, unitLength).Trim().ToString();
            if (!decimal.TryParse(rest[..unitStart], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                || Grammar.Units.Find(unit.Length == 0 && isOnly ? "s" : unit) is not { Kind: UnitKind.Duration } duration
                || !NumberWithUnit.TryScale(number, duration.Factor, out long part))
            {
                return false;
            }

            sum += part;
            isOnly = false;
            rest = rest[(unitStart + unitLength)..];
        }
        while (rest.Length > 0);

        if (sum > long.MaxValue)
            return false;

        nanoseconds = (long)(isNegative ? -sum : sum);
        return true;
    }

    /// <summary>A duration for people: <c>250ms</c>, <c>1.5s</c>, <c>3m 5s</c>, <c>2h 5m</c>, <c>3d 4h</c>.</summary>
    public static string Display(long nanoseconds)
    {
        string sign = nanoseconds < 0 ? "-" : "";
        decimal magnitude = Math.Abs((decimal)nanoseconds);
        return sign + magnitude switch
        {
            < 1_000 => Short(magnitude, "ns"),
            < 1_000_000 => Short(magnitude / 1_000, "us"),
            < Second => Short(magnitude / 1_000_000, "ms"),
            < Minute => Short(magnitude / Second, "s"),
            < Hour => Long(magnitude, Minute, "m", Second, "s"),
            < Day => Long(magnitude, Hour, "h", Minute, "m"),
            _ => Long(magnitude, Day, "d", Hour, "h"),
        };
    }

    // Cut and not rounded: 59.999s is no minute, and an uptime of 23h 59m is no day.
    private static string Short(decimal number, string unit)
    {
        decimal step = number < 10 ? 100 : number < 100 ? 10 : 1;
        return (Math.Floor(number * step) / step).ToString("0.##", CultureInfo.InvariantCulture) + unit;
    }

    private static string Long(decimal nanoseconds, long great, string greatUnit, long small, string smallUnit)
    {
        decimal greats = Math.Floor(nanoseconds / great);
        decimal smalls = Math.Floor((nanoseconds - (greats * great)) / small);
        return string.Create(
            CultureInfo.InvariantCulture, $"{greats:0}{greatUnit}{(smalls == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {smalls:0}{smallUnit}"))}");
    }

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        int length = 0;
        while (length < text.Length && belongs(text[length]))
            length++;

        return length;
    }
}
