using System.Globalization;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Moments, as people and programs write and read them. What names no zone is UTC.</summary>
public static class DateTimeText
{
    /// <summary>The form, for messages.</summary>
    public static string Form => "2026-11-21, 2026-11-21 12:00 or 2026-11-21T12:00:00Z";

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK",
    ];

    /// <summary>RFC 3339 in UTC: <c>2026-11-21T12:00:00.25Z</c>. A moment that no calendar of four digits has is <c>@SECONDS</c>.</summary>
    public static string Of(DateTimeValue moment) =>
        Calendar(moment) is { } calendar
            ? calendar.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(moment.Nanoseconds) + "Z"
            : OfSeconds(moment);

    /// <summary>A moment for people, to the second: <c>2026-11-21 12:00:00Z</c>.</summary>
    public static string Display(DateTimeValue moment) =>
        Calendar(moment)?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? OfSeconds(moment);

    /// <summary>The moment in Ruby's words: <c>2026-11-21 12:00:00.25 UTC</c>.</summary>
    public static string Ruby(DateTimeValue moment) =>
        Calendar(moment) is { } calendar
            ? calendar.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(moment.Nanoseconds) + " UTC"
            : OfSeconds(moment);

    /// <summary>
    /// Reads a moment: RFC 3339, or with a space for its <c>T</c>, or without seconds, time or zone; or <c>@SECONDS</c> since 1970.
    /// </summary>
    public static bool TryParse(string text, out DateTimeValue moment)
    {
        moment = new DateTimeValue(0, 0);
        string rest = text.Trim();
        if (!TakeFraction(ref rest, out int nanoseconds))
            return false;

        if (rest is ['@', .. string number])
        {
            bool isNumber = long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds);
            moment = new DateTimeValue(seconds, nanoseconds);
            return isNumber;
        }

        bool isMoment = DateTimeOffset.TryParseExact(
            rest.Replace(" UTC", "Z", StringComparison.Ordinal).Replace('t', 'T').Replace('z', 'Z'),
            Forms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset calendar);
        moment = new DateTimeValue(calendar.ToUnixTimeSeconds(), nanoseconds);
        return isMoment;
    }

    // The framework counts in 100 ns and the kernel in 1, so a fraction is read apart.
    private static bool TakeFraction(ref string text, out int nanoseconds)
    {
        nanoseconds = 0;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
            return true;

        int end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;

        string digits = text[(point + 1)..end];
        text = text[..point] + text[end..];
        return digits.Length is > 0 and <= 9
            && int.TryParse(digits.PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds);
    }

    private static DateTimeOffset? Calendar(DateTimeValue moment) =>
        moment.Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && moment.Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(moment.Seconds)
            : null;

    private static string OfSeconds(DateTimeValue moment) =>
        string.Create(CultureInfo.InvariantCulture, $"@{moment.Seconds}{Fraction(moment.Nanoseconds)}");

    private static string Fraction(int nanoseconds) =>
        nanoseconds == 0 ? "" : "." + nanoseconds.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
}
