using Kuid.Sysreq.Grammar.Parsing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar;

/// <summary>Reads scripts: the grammar is in <c>Grammar.ebnf</c>.</summary>
public static class ScriptParser
{
    private const int MaxMistakes = 16;

    /// <summary>Reads a whole source, in time that grows with its length.</summary>
    /// <exception cref="SyntaxException">It is no script; nothing else is ever thrown, whatever the source.</exception>
    public static Script Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Parse(source, new ParseState(source));
    }

    /// <summary>What can stand at a place in a source that need not be complete.</summary>
    /// <param name="offset">Where the cursor is, in UTF-16 units; what follows it does not count, and mistakes before it are gone past.</param>
    public static CompletionContext ContextAt(string source, int offset)
    {
        ArgumentNullException.ThrowIfNull(source);
        int from = 0;
        for (int mistakes = 0; ; mistakes++)
        {
            string rest = source[from..offset];
            var state = new ParseState(rest);
            int mistake = FindMistake(rest, state);
            if (mistake == 0 || state.Completion.IsAtEnd || mistakes == MaxMistakes)
            {
                CompletionContext context = state.Completion.Context(rest);
                return context with { Start = context.Start + from };
            }

            from += mistake;
        }
    }

    // Where a mistake ends; 0 when there is none, or none that could be gone past.
    private static int FindMistake(string source, ParseState state)
    {
        try
        {
            Parse(source, state);
            return 0;
        }
        catch (SyntaxException e)
        {
            return e.IsIncomplete ? 0 : e.Span.End.Offset;
        }
    }

    private static Script Parse(string source, ParseState state)
    {
        int nul = source.IndexOf(Scanner.None, StringComparison.Ordinal);
        if (nul >= 0)
        {
            state.Scanner.Advance(nul);
            throw state.Fail(state.Ahead(1), "a NUL character cannot stand in a script");
        }

        return new CommandParser(state).ParseAll();
    }
}
