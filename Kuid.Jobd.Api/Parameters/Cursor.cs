using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>
/// Where a page of a list ended, as clients carry it: <c>j:ID</c> in base64url. Opaque on purpose, so that it can change.
/// </summary>
internal static class Cursor
{
    private const string Prefix = "j:";

    /// <summary>The cursor of a page that ends before a job.</summary>
    internal static string Of(long before) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{before}")));

    /// <summary>The job; null when it is no cursor, or none that this made.</summary>
    internal static long? Parse(string cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (cursor.Length > 32 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out int written))
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(bytes[..written]);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(text[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            && Of(id) == cursor
                ? id
                : null;
    }
}
