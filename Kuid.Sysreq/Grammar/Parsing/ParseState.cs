using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// What the readers of one source share: where they are, how deep, and how they fail. Readers call each other (a word contains a
/// script, which contains words), so the depth of their calls is the depth of the source, and it is bounded here.
/// </summary>
internal sealed class ParseState(string source)
{
    /// <summary>
    /// How deep things may be nested. A level costs up to twenty frames of the stack, 6 KiB before the compiler has optimised them; this
    /// many fit twice into the 1.5 MiB that a thread of the pool has.
    /// </summary>
    internal const int MaxDepth = 100;

    /// <summary>
    /// How many operators one expression may have, all that is nested in it included: <c>1+1+1</c> needs no depth to be read but makes a
    /// tree that is as deep as it is long.
    /// </summary>
    internal const int MaxOperators = 500;

    private int _depth;
    private int _expressions;
    private int _operators;

    /// <summary>Where the readers are.</summary>
    internal Scanner Scanner { get; set; } = new(source);

    /// <summary>What is expected where the readers are, for a prompt that completes it.</summary>
    internal CompletionTracker Completion { get; } = new();

    /// <summary>Goes a level deeper.</summary>
    internal void Enter(SourceSpan opening)
    {
        if (++_depth > MaxDepth)
        {
            throw Fail(opening, $"nothing may be nested deeper than {MaxDepth} levels");
        }

        // Whoever calls may have used up most of it.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail(opening, "this is nested too deep for the stack that is left");
        }
    }

    internal void Leave() => _depth--;

    /// <summary>Begins an expression; only an outermost one begins to count its operators.</summary>
    internal void EnterExpression()
    {
        if (_expressions++ == 0)
        {
            _operators = 0;
        }
    }

    internal void LeaveExpression() => _expressions--;

    internal void CountOperator(SourceSpan span)
    {
        if (++_operators > MaxOperators)
        {
            throw Fail(span, $"an expression may not have more than {MaxOperators} operators");
        }
    }

    /// <summary>The stretch from a place to where the readers are.</summary>
    internal SourceSpan Since(SourcePosition start) => new(start, Scanner.Position);

    /// <summary>The next character.</summary>
    internal SourceSpan Ahead() => Ahead(Scanner.Character.Length);

    /// <summary>The next characters, so many units of them.</summary>
    internal SourceSpan Ahead(int count)
    {
        var mark = Scanner.Mark();
        Scanner.Advance(count);
        SourceSpan span = Since(mark.Position);
        Scanner.Return(mark);
        return span;
    }

    /// <summary>An error at a place.</summary>
    internal SyntaxException Fail(SourceSpan span, string message, bool isIncomplete = false)
    {
        int start = span.Start.Offset == 0 ? 0 : source.LastIndexOf('\n', span.Start.Offset - 1) + 1;
        int end = source.IndexOf('\n', start);
        return new SyntaxException(message, span, source[start..(end < 0 ? source.Length : end)].TrimEnd('\r'), isIncomplete);
    }

    /// <summary>An error about something that is open where the text has ended; in the source itself, more lines could close it.</summary>
    internal SyntaxException FailOpen(SourceSpan span, string message) => Fail(span, message, Scanner.AtEnd && Scanner.EndsWithSource);

    /// <summary>Reads another text, such as the inside of backticks, and comes back to where it was.</summary>
    internal T Within<T>(Scanner scanner, Func<T> read)
    {
        Scanner outer = Scanner;
        Scanner = scanner;
        T result = read();
        Scanner = outer;
        return result;
    }
}
