using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// The text of a here-document. Its end is looked for first, line by line, whatever stands in the lines; then what is before it is
/// read as a text of its own, so that nothing open in it reaches beyond it.
/// </summary>
internal static class HereDocumentReader
{
    /// <summary>Goes past the text and the line that ends it.</summary>
    internal static Word Read(ParseState state, WordReader words, Redirection redirection)
    {
        HereDocument document = redirection.Document!;
        if (!TryFindEnd(state.Scanner.Rest, document, out int length, out int next))
        {
            state.Completion.Begin(state.Scanner.Position);
            state.Completion.Touch(CompletionKind.Nothing);
            state.Scanner.Advance(state.Scanner.Rest.Length);
            throw state.FailOpen(
                redirection.Span, $"the here-document is never ended: no line after it is {Quoting.Code(document.Delimiter)} alone");
        }

        Scanner text = state.Scanner.TakeStretch(length);
        state.Scanner.Advance(next - length);
        if (document.StripsTabs)
        {
            text = WithoutTabs(text);
        }

        return state.Within(text, () => document.IsQuoted ? Plain(state) : words.ReadDocument());
    }

    // Unless the delimiter is quoted, a backslash joins a line to the next one before either is compared with it.
    private static bool TryFindEnd(ReadOnlySpan<char> rest, HereDocument document, out int length, out int next)
    {
        var joined = new StringBuilder();
        length = next = 0;
        while (next < rest.Length)
        {
            int newline = rest[next..].IndexOf('\n');
            ReadOnlySpan<char> line = newline < 0 ? rest[next..] : rest.Slice(next, newline);
            next = newline < 0 ? rest.Length : next + newline + 1;
            line = document.StripsTabs ? line.TrimStart('\t') : line;
            if (!document.IsQuoted && newline >= 0 && EndsWithBackslash(line))
            {
                joined.Append(line[..^1]);
                continue;
            }

            bool isEnd = joined.Length == 0 ? line.SequenceEqual(document.Delimiter) : joined.Append(line).Equals(document.Delimiter);
            if (isEnd)
            {
                return true;
            }

            joined.Clear();
            length = next;
        }

        return false;
    }

    private static bool EndsWithBackslash(ReadOnlySpan<char> line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static Scanner WithoutTabs(Scanner lines)
    {
        var text = new StringBuilder();
        var origins = new List<SourcePosition>();
        bool isStart = true;
        for (; !lines.AtEnd; lines.Advance())
        {
            if (isStart && lines.Current == '\t')
            {
                continue;
            }

            isStart = lines.Current == '\n';
            text.Append(lines.Current);
            origins.Add(lines.Position);
        }

        origins.Add(lines.Position);
        return new Scanner(text.ToString(), [.. origins]);
    }

    private static Word Plain(ParseState state)
    {
        SourcePosition start = state.Scanner.Position;
        string text = state.Scanner.Rest.ToString();
        state.Scanner.Advance(text.Length);
        SourceSpan span = state.Since(start);
        return new Word(text.Length == 0 ? [] : [new LiteralPart(text) { Span = span }]) { Span = span };
    }
}
