using Kuid.Sysreq.Grammar.Parsing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar;

/// <summary>Reads scripts: the grammar is in <c>Grammar.ebnf</c>.</summary>
public static class ScriptParser
{
    /// <summary>Reads a whole source, in time that grows with its length.</summary>
    /// <exception cref="SyntaxException">It is no script; nothing else is ever thrown, whatever the source.</exception>
    public static Script Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Parse(source, new ParseState(source));
    }

    /// <summary>What can stand at a place in a source that need not be complete.</summary>
    /// <param name="offset">Where the cursor is, in UTF-16 units; what follows it does not count.</param>
    public static CompletionContext ContextAt(string source, int offset)
    {
        ArgumentNullException.ThrowIfNull(source);
        string before = source[..offset];
        var state = new ParseState(before);
        try
        {
            Parse(before, state);
        }
        catch (SyntaxException)
        {
            // What was expected where it failed is known all the same.
        }

        return state.Completion.Context(before);
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
