namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>How source is quoted in the sentence of an error.</summary>
internal static class Quoting
{
    private const int MaxLength = 40;

    /// <summary>The source in backticks, one line, cut where it is long.</summary>
    internal static string Code(string source)
    {
        int end = source.AsSpan().IndexOfAny('\n', '\r');
        if (end < 0 && source.Length <= MaxLength)
        {
            return $"`{source}`";
        }

        end = Math.Min(end < 0 ? source.Length : end, MaxLength);
        if (end > 0 && char.IsHighSurrogate(source[end - 1]))
        {
            end--;
        }

        return $"`{source.AsSpan(0, end)}…`";
    }
}
