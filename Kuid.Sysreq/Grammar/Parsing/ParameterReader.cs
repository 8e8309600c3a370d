using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Reads <c>$x</c> and <c>${x...}</c>.</summary>
/// <param name="readOperand">Reads a word up to a brace; it is told whether single quotes have no meaning there.</param>
internal sealed class ParameterReader(ParseState state, Func<bool, Word> readOperand)
{
    private Scanner Scanner => state.Scanner;

    /// <summary>Goes past a parameter at a dollar; null when the dollar is only a dollar.</summary>
    /// <param name="isQuoted">Whether it stands in double quotes or in a here-document.</param>
    internal ParameterPart? TryRead(bool isQuoted)
    {
        char next = Scanner.Next;
        if (next == '{')
        {
            return Braced(isQuoted);
        }

        if (next is '$' or '-')
        {
            throw state.Fail(state.Ahead(2), next == '$'
                ? "`$$` is not supported: a script has no process of its own; a lone dollar is written `\\$`"
                : "`$-` is not supported: there are no options to show; a dollar before a dash is written `\\$`");
        }

        // $10 is $1 and a zero.
        int length = char.IsAsciiDigit(next) ? 1 : Names.ParameterLength(Scanner.Rest[1..]);
        if (length == 0)
        {
            if (Scanner.Rest.Length == 1)
            {
                TouchName(Scanner.Position.Offset + 1, isAtEnd: true);
            }

            return null;
        }

        Scanner.Advance();
        return new ParameterPart(TakeName(length), IsBraced: false, ParameterOperation.Value, TreatsEmptyAsUnset: false, Operand: null);
    }

    private ParameterPart Braced(bool isQuoted)
    {
        SourceSpan opening = state.Ahead(2);
        Scanner.Advance(2);
        if (Scanner.Current == '!' && (Names.Continues(Scanner.Next) || Scanner.Next is '@' or '*'))
        {
            throw state.Fail(state.Ahead(1), "`${!...}` is not supported: a variable is named directly");
        }

        // ${#x} is a length; ${#} and ${#-x} are about the number of arguments.
        if (Scanner.Current == '#' && Names.ParameterLength(Scanner.Rest[1..]) is > 0 and var measured && Scanner.Ahead(1 + measured) == '}')
        {
            Scanner.Advance();
            string name = TakeName(measured);
            Scanner.Advance();
            return new ParameterPart(name, IsBraced: true, ParameterOperation.Length, TreatsEmptyAsUnset: false, Operand: null);
        }

        int length = Names.ParameterLength(Scanner.Rest);
        if (length == 0)
        {
            TouchName(Scanner.Position.Offset, Scanner.AtEnd);
            throw Scanner.AtEnd
                ? Unclosed(opening)
                : state.Fail(state.Ahead(), "a variable's name, a number or one of `? # @ * !` is missing after `${`");
        }

        return Operated(opening, TakeName(length), isQuoted);
    }

    private ParameterPart Operated(SourceSpan opening, string name, bool isQuoted)
    {
        if (Scanner.TryTake("}"))
        {
            return new ParameterPart(name, IsBraced: true, ParameterOperation.Value, TreatsEmptyAsUnset: false, Operand: null);
        }

        SourcePosition sign = Scanner.Position;
        bool treatsEmptyAsUnset = Scanner.TryTake(":");
        ParameterOperation operation = TakeOperation(treatsEmptyAsUnset) ?? throw NoOperation(opening, sign, treatsEmptyAsUnset);
        if (operation == ParameterOperation.AssignDefault && !Names.IsVariable(name))
        {
            throw state.Fail(state.Since(sign), $"`${name}` cannot be assigned to: `=` in `${{...}}` needs a variable's name");
        }

        // A pattern's quotes are quotes even within double quotes, for without them no `*` could be meant literally.
        bool isPattern = operation >= ParameterOperation.RemoveShortestSuffix;
        state.Enter(opening);
        Word operand = readOperand(isQuoted && !isPattern);
        state.Leave();
        if (Scanner.AtEnd)
        {
            throw Unclosed(opening);
        }

        Scanner.Advance();
        return new ParameterPart(name, IsBraced: true, operation, treatsEmptyAsUnset, operand);
    }

    private ParameterOperation? TakeOperation(bool isAfterColon)
    {
        (string Sign, ParameterOperation Operation)[] operations = isAfterColon ? Defaults : Operations;
        foreach ((string sign, ParameterOperation operation) in operations)
        {
            if (Scanner.TryTake(sign))
            {
                return operation;
            }
        }

        return null;
    }

    private SyntaxException NoOperation(SourceSpan opening, SourcePosition sign, bool isAfterColon)
    {
        if (Scanner.AtEnd)
        {
            return Unclosed(opening);
        }

        SourceSpan span = isAfterColon ? state.Since(sign) : state.Ahead();
        return state.Fail(span, isAfterColon
            ? "`${x:...}` is not supported: one of `- = ? +` has to follow the colon; there are no substrings"
            : Scanner.Current switch
            {
                '/' => "`${x/...}` is not supported: texts are not replaced within `${...}`",
                '^' or ',' => "`${x^}` and `${x,}` are not supported: the case of letters is not changed within `${...}`",
                '@' => "`${x@...}` is not supported",
                '[' => "`${x[...]}` is not supported: there are no arrays",
                _ => $"{(Scanner.Current == '\n' ? "the end of the line" : Quoting.Code(Scanner.Character))} cannot follow the name in `${{...}}`: "
                    + "`}` or one of `:- := :? :+ - = ? + % %% # ##` is expected",
            });
    }

    private SyntaxException Unclosed(SourceSpan opening) => state.FailOpen(opening, "`${` is never closed");

    private string TakeName(int length)
    {
        int start = Scanner.Position.Offset;
        string name = Scanner.Rest[..length].ToString();
        Scanner.Advance(length);
        TouchName(start, Scanner.AtEnd);
        return name;
    }

    private void TouchName(int start, bool isAtEnd)
    {
        if (isAtEnd && Scanner.EndsWithSource)
        {
            state.Completion.Touch(CompletionKind.Variable, start);
        }
    }

    private static readonly (string Sign, ParameterOperation Operation)[] Defaults =
    [
        ("-", ParameterOperation.Default),
        ("=", ParameterOperation.AssignDefault),
        ("?", ParameterOperation.Require),
        ("+", ParameterOperation.Alternative),
    ];

    /// <summary>The signs that can follow a name in braces, longer ones before their beginnings.</summary>
    internal static readonly (string Sign, ParameterOperation Operation)[] Operations =
    [
        .. Defaults,
        ("%%", ParameterOperation.RemoveLongestSuffix),
        ("%", ParameterOperation.RemoveShortestSuffix),
        ("##", ParameterOperation.RemoveLongestPrefix),
        ("#", ParameterOperation.RemoveShortestPrefix),
    ];
}
