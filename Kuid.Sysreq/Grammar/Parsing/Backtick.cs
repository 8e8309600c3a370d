using System.Text;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// The inside of backticks. It ends at the first backtick without a backslash, whatever quotes there are, and backslashes before
/// <c>$ ` \</c> (within double quotes also before <c>"</c>) are taken away before it is read: so are deeper backticks written.
/// </summary>
internal static class Backtick
{
    /// <summary>Goes past backticks and gives what is between them, as a text of its own.</summary>
    internal static Scanner Take(ParseState state, bool isQuoted)
    {
        Scanner scanner = state.Scanner;
        SourceSpan opening = state.Ahead(1);
        var text = new StringBuilder();
        var origins = new List<SourcePosition>();
        scanner.Advance();
        while (scanner.Current != '`')
        {
            if (scanner.AtEnd)
            {
                throw state.FailOpen(opening, "the backtick is never closed");
            }

            origins.Add(scanner.Position);
            if (scanner.Current == '\\' && (scanner.Next is '$' or '`' or '\\' || (isQuoted && scanner.Next == '"')))
            {
                scanner.Advance();
            }
            else if (scanner.Current == '\\' && scanner.Next != Scanner.None)
            {
                text.Append('\\');
                scanner.Advance();
                origins.Add(scanner.Position);
            }

            text.Append(scanner.Current);
            scanner.Advance();
        }

        origins.Add(scanner.Position);
        scanner.Advance();
        return new Scanner(text.ToString(), [.. origins]);
    }

    /// <summary>The source of a script as it is written between backticks.</summary>
    internal static string Escape(string script) =>
        script.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
}
