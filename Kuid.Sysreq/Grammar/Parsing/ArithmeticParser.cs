using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// Reads the inside of <c>$((...))</c>: C's operators and ranks, and <c>**</c> between a sign and <c>*</c> as in other shells.
/// Binary operators are read by rank: an operand is joined to its left as long as the operator there binds at least as strongly.
/// </summary>
internal sealed class ArithmeticParser(ParseState state)
{
    /// <summary>The operators between two operands with their ranks, stronger ones higher; longer ones before their beginnings.</summary>
    internal static readonly (string Sign, int Rank)[] Binary =
    [
        ("||", 1), ("&&", 2), ("==", 6), ("!=", 6), ("<<", 8), (">>", 8), ("<=", 7), (">=", 7), ("**", PowerRank),
        ("<", 7), (">", 7), ("|", 3), ("^", 4), ("&", 5), ("+", 9), ("-", 9), ("*", 10), ("/", 10), ("%", 10),
    ];

    /// <summary>The operators that give a variable a value.</summary>
    internal static readonly string[] Assignments = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "="];

    /// <summary>The rank of <c>**</c>, the one that is joined from the right.</summary>
    internal const int PowerRank = 11;

    private readonly WordReader _words = new(state);
    private SourcePosition _end;

    private Scanner Scanner => state.Scanner;

    /// <summary>Reads from behind the opening to behind the two parentheses that close it.</summary>
    internal ArithmeticNode Parse(SourceSpan opening)
    {
        state.EnterExpression();
        state.Completion.Expect(CompletionKind.Variable);
        SkipBlanks();
        if (Scanner.StartsWith("))"))
        {
            throw state.Fail(state.Ahead(2), "an expression is missing in `$(( ))`");
        }

        if (Scanner.AtEnd)
        {
            throw Unclosed(opening);
        }

        ArithmeticNode expression = Assignment(opening);
        if (!Scanner.TryTake("))"))
        {
            throw Scanner.AtEnd ? Unclosed(opening)
                : Scanner.Current == ')' ? state.Fail(
                    state.Ahead(1), "`))` has to close `$((`; a subshell in a substitution is written `$( (...) )`")
                : Unexpected();
        }

        state.LeaveExpression();
        return expression;
    }

    private SyntaxException Unclosed(SourceSpan opening) => state.FailOpen(opening, "`$((` is never closed");

    private ArithmeticNode Assignment(SourceSpan opening)
    {
        SourcePosition start = Scanner.Position;
        var mark = Scanner.Mark();
        int length = Names.VariableLength(Scanner.Rest);
        if (length > 0)
        {
            string name = Scanner.Rest[..length].ToString();
            Take(length);
            if (TakeAssignment() is { } sign)
            {
                state.Enter(opening);
                ArithmeticNode value = Assignment(opening);
                state.Leave();
                return new ArithmeticAssignment(name, sign, value) { Span = new SourceSpan(start, _end) };
            }

            Scanner.Return(mark);
        }

        return Choice(opening);
    }

    private string? TakeAssignment()
    {
        foreach (string sign in Assignments)
        {
            if (Scanner.StartsWith(sign) && !Scanner.StartsWith("=="))
            {
                Take(sign.Length);
                return sign;
            }
        }

        return null;
    }

    private ArithmeticNode Choice(SourceSpan opening)
    {
        SourcePosition start = Scanner.Position;
        ArithmeticNode condition = Joined(opening, 1);
        if (Scanner.Current != '?')
        {
            return condition;
        }

        SourceSpan question = state.Ahead(1);
        state.Enter(question);
        Take(1);
        ArithmeticNode then = Assignment(opening);
        if (Scanner.Current != ':')
        {
            throw Scanner.AtEnd ? Unclosed(opening) : state.Fail(state.Ahead(), "`:` is missing: `a ? b : c`");
        }

        Take(1);
        ArithmeticNode otherwise = Choice(opening);
        state.Leave();
        return new ArithmeticChoice(condition, then, otherwise) { Span = new SourceSpan(start, _end) };
    }

    private ArithmeticNode Joined(SourceSpan opening, int weakest)
    {
        SourcePosition start = Scanner.Position;
        ArithmeticNode left = Operand(opening);
        while (BinaryAhead() is (var sign, var rank) && rank >= weakest)
        {
            state.CountOperator(state.Ahead(sign.Length));
            Take(sign.Length);
            ArithmeticNode right;
            if (rank == PowerRank)
            {
                state.Enter(opening);
                right = Joined(opening, rank);
                state.Leave();
            }
            else
            {
                right = Joined(opening, rank + 1);
            }

            left = new ArithmeticBinary(sign, left, right) { Span = new SourceSpan(start, _end) };
        }

        return left;
    }

    private (string Sign, int Rank)? BinaryAhead()
    {
        foreach (string sign in Assignments)
        {
            if (sign != "=" && Scanner.StartsWith(sign))
            {
                throw state.Fail(state.Ahead(sign.Length), $"only a variable can be assigned to: a name is expected before `{sign}`");
            }
        }

        foreach ((string sign, int rank) in Binary)
        {
            if (Scanner.StartsWith(sign))
            {
                return (sign, rank);
            }
        }

        return null;
    }

    private ArithmeticNode Operand(SourceSpan opening)
    {
        SourcePosition start = Scanner.Position;
        char c = Scanner.Current;
        state.Completion.Begin(start);
        if (c is '-' or '+' or '!' or '~')
        {
            RefuseStep();
            state.Enter(opening);
            Take(1);
            ArithmeticNode operand = Operand(opening);
            state.Leave();
            return new ArithmeticUnary(c.ToString(), operand) { Span = new SourceSpan(start, _end) };
        }

        if (c == '(')
        {
            return Parenthesised(opening);
        }

        ArithmeticNode? node = null;
        if (char.IsAsciiDigit(c))
        {
            node = new ArithmeticNumber(NumberReader.ReadInteger(state));
        }
        else if (Names.Starts(c))
        {
            string name = Scanner.Rest[..Names.VariableLength(Scanner.Rest)].ToString();
            Scanner.Advance(name.Length);
            node = new ArithmeticVariable(name, null);
            if (Scanner.AtEnd && Scanner.EndsWithSource)
            {
                state.Completion.Touch();
            }
        }
        else if (c is '$' or '`')
        {
            WordPart part = _words.ReadSubstitution();
            node = new ArithmeticVariable(part is ParameterPart parameter ? parameter.Name : "", part);
        }

        if (node is null)
        {
            throw Scanner.AtEnd ? Unclosed(opening) : ValueMissing();
        }

        _end = Scanner.Position;
        SkipBlanks();
        RefuseStep();
        return node with { Span = new SourceSpan(start, _end) };
    }

    private ArithmeticNode Parenthesised(SourceSpan opening)
    {
        SourceSpan parenthesis = state.Ahead(1);
        state.Enter(parenthesis);
        Take(1);
        ArithmeticNode inner = Assignment(opening);
        if (Scanner.Current != ')')
        {
            throw Scanner.AtEnd ? Unclosed(opening) : Unexpected();
        }

        Take(1);
        state.Leave();
        return inner;
    }

    private void RefuseStep()
    {
        if (Scanner.StartsWith("++") || Scanner.StartsWith("--"))
        {
            string sign = Scanner.Rest[..2].ToString();
            throw state.Fail(state.Ahead(2), $"`{sign}` is not supported: write `x {sign[0]}= 1`, or a blank between two signs");
        }
    }

    private SyntaxException ValueMissing() => Scanner.Current is '"' or '\''
        ? state.Fail(state.Ahead(1), "quotes have no meaning in `$((...))`: it knows numbers and variables only")
        : state.Fail(state.Ahead(), $"a number or a variable is missing before {Quoting.Code(Scanner.Character)}");

    private SyntaxException Unexpected() => state.Fail(state.Ahead(), Scanner.Current switch
    {
        ',' => "`,` is not supported in `$((...))`: write one expression",
        '[' => "`[` is not supported in `$((...))`: there are no arrays",
        '=' => "only a variable can be assigned to: a name is expected before `=`",
        _ => $"an operator or `)` is missing before {Quoting.Code(Scanner.Character)}",
    });

    private void Take(int length)
    {
        Scanner.Advance(length);
        _end = Scanner.Position;
        SkipBlanks();
    }

    private void SkipBlanks()
    {
        while (!Scanner.AtEnd)
        {
            if (Scanner.Current is ' ' or '\t' or '\r' or '\n')
            {
                Scanner.Advance();
            }
            else if (Scanner.Current == '\\' && Scanner.Next == '\n')
            {
                Scanner.Advance(2);
            }
            else
            {
                return;
            }
        }
    }
}
