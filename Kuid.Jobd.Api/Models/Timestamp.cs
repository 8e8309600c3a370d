using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kuid.Jobd.Api.Models;

/// <summary>Moments as RFC 3339 has them: out in UTC with three digits of milliseconds, in with any offset.</summary>
internal static class Timestamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Readable = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The text of a moment in UTC.</summary>
    [return: NotNullIfNotNull(nameof(utc))]
    internal static string? Of(DateTime? utc) => utc?.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The moment of a text, in UTC; null when it is none or has no offset.</summary>
    internal static DateTime? Parse(string text) =>
        text.Length > 0 && (text[^1] is 'Z' || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
        && DateTimeOffset.TryParseExact(text, Readable, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment)
            ? moment.UtcDateTime
            : null;
}
