namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>Splits a line among the variables of <c>read</c>, as POSIX says: the last one gets the rest as it stands.</summary>
internal static class SplitLine
{
    /// <summary>At most so many pieces.</summary>
    /// <param name="separators">IFS.</param>
    public static IReadOnlyList<string> Of(string line, int count, string separators)
    {
        var pieces = new List<string>();
        int at = SkipBlanks(line, 0, separators);
        while (pieces.Count < count - 1 && at < line.Length)
        {
            int end = at;
            while (end < line.Length && !separators.Contains(line[end]))
            {
                end++;
            }

            pieces.Add(line[at..end]);
            at = SkipBlanks(line, end, separators);

            // Of the separators that are no white space one ends a piece, with the white space around it.
            if (at < line.Length && !IsBlank(line[at]) && separators.Contains(line[at]))
            {
                at = SkipBlanks(line, at + 1, separators);
            }
        }

        if (at < line.Length)
        {
            int end = line.Length;
            while (end > at && IsBlank(line[end - 1]) && separators.Contains(line[end - 1]))
            {
                end--;
            }

            pieces.Add(line[at..end]);
        }

        return pieces;
    }

    private static int SkipBlanks(string line, int at, string separators)
    {
        while (at < line.Length && IsBlank(line[at]) && separators.Contains(line[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsBlank(char unit) => unit is ' ' or '\t' or '\n';
}
