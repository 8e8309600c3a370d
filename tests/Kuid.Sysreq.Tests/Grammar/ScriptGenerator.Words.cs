using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <content>Words and their pieces.</content>
internal sealed partial class ScriptGenerator
{
    private static readonly string[] SingleQuoted = ["", "a b", "\"", "$x", "\\", "a\nb", "`", ")", "c\\\n"];

    private static readonly AnsiQuotedPart[] AnsiQuoted =
    [
        new("", ""), new("a\\n", "a\n"), new("\\'\\\\", "'\\"), new("\\xff", "\uDCFF"), new("\\xc3\\xa9", "é"), new("\\u00e9\\101", "éA"),
        new("\\U0001f600\\cA", "😀\u0001"), new("é\\e\\\"", "é\u001b\""),
    ];

    // No text but the first surrounding's may begin with what would continue a name.
    private static readonly string[][] Literals =
    [
        ["-l", "*", "?x", "[a-z]", "{a,b}", "~/x", "=", "}", "{", "!", "é", "漢字", "😀", ":", "%", "^", "@", "+", ".c", "/"],
        [" ", "'", "#", "*", ";", "\n", "-a\\b", "()", "é", "$ ", "}", "{", "|&"],
        [" ", "*", "*/", "|", ";", "(", "<", "\n", "é", "$ ", "/"],
        [" ", "*", "'", ";", "\n", "é", "$ ", "-a\\b"],
        [" ", "'", "\"", "\n", "-a\\b", "é", "$ ", "\\\"", "*", "-a\tb", "\n\n#"],
    ];

    // Only where nothing is before them.
    private static readonly string[] Words = ["a", "b.c", "if", "fi", "done", "in", "where", "a=b", "1", "0x", "a$", "a#b", "~"];

    private enum Surrounding
    {
        Bare,
        DoubleQuotes,
        Operand,
        QuotedOperand,
        Document,
    }

    private Word BareWord(bool isValue = false)
    {
        Word word = dice.OneIn(2) ? new Word([new LiteralPart(dice.Of(Words))]) : new Word(Parts(1, 3, Surrounding.Bare));
        return isValue && word.Parts[0] is LiteralPart && dice.OneIn(3) ? new Word([new LiteralPart("#x")]) : word;
    }

    // A text ends with the end of its last line.
    private Word Document()
    {
        if (dice.OneIn(5))
        {
            return new Word([]);
        }

        WordPart[] parts = [.. Parts(0, 4, Surrounding.Document)];
        return new Word(parts is [.., LiteralPart last] ? [.. parts[..^1], new LiteralPart(last.Text + "\n")] : [.. parts, new LiteralPart("\n")]);
    }

    private NodeList<WordPart> Parts(int least, int most, Surrounding surrounding)
    {
        var parts = new List<WordPart>();
        for (int left = Few(least, most); left > 0; left--)
        {
            WordPart part = Part(surrounding);
            if (part is LiteralPart && parts is [.., LiteralPart])
            {
                part = new EscapedPart("$");
            }

            parts.Add(part);
        }

        return [.. parts];
    }

    private WordPart Part(Surrounding surrounding)
    {
        bool isUnquoted = surrounding is Surrounding.Bare or Surrounding.Operand;
        switch (dice.Below(CanNest ? 14 : 10))
        {
            case < 3:
                return new LiteralPart(dice.Of(Literals[(int)surrounding]));
            case 3:
                return new EscapedPart(surrounding switch
                {
                    Surrounding.Bare => dice.Of("*", " ", "$", "\"", "a", "#", "😀", "|", "\\", "'"),
                    Surrounding.Operand => dice.Of("*", " ", "}", "a", "\\"),
                    Surrounding.DoubleQuotes => dice.Of("$", "\"", "\\", "`"),
                    Surrounding.QuotedOperand => dice.Of("$", "\"", "\\", "`", "}"),
                    _ => dice.Of("$", "\\", "`"),
                });
            case 4 when isUnquoted:
                return new SingleQuotedPart(dice.Of(SingleQuoted));
            case 5 when isUnquoted:
                return dice.Of(AnsiQuoted);
            case 6 when surrounding is not (Surrounding.DoubleQuotes or Surrounding.Document):
                return new DoubleQuotedPart(Parts(0, 3, Surrounding.DoubleQuotes));
            case < 10:
                return Parameter(surrounding);
            case < 12:
                return new CommandSubstitutionPart(Nested(() => Script(canBeEmpty: true)), IsBackticked: dice.OneIn(3));
            default:
                return new ArithmeticPart(Nested(() => Arithmetic(3)));
        }
    }

    private ParameterPart Parameter(Surrounding surrounding)
    {
        switch (dice.Below(CanNest ? 6 : 3))
        {
            case 0:
                return new ParameterPart(dice.Of("x", "_a1", "1", "0", "?", "#", "@", "*", "!"), false, ParameterOperation.Value, false, null);
            case 1:
                return new ParameterPart(dice.Of("x", "10", "?", "#", "@", "*", "!"), true, ParameterOperation.Value, false, null);
            case 2:
                return new ParameterPart(dice.Of("x", "10", "?", "#", "@", "*", "!"), true, ParameterOperation.Length, false, null);
        }

        var operation = (ParameterOperation)dice.Below(10);
        operation = operation < ParameterOperation.Default ? ParameterOperation.Default : operation;
        bool isPattern = operation >= ParameterOperation.RemoveShortestSuffix;
        bool isQuoted = surrounding is not (Surrounding.Bare or Surrounding.Operand) && !isPattern;
        NodeList<WordPart> operand = Nested(() => Parts(0, 3, isQuoted ? Surrounding.QuotedOperand : Surrounding.Operand));
        string name = operation == ParameterOperation.AssignDefault ? dice.Of(Variables) : dice.Of("x", "1", "10", "?", "@", "*", "!");
        return new ParameterPart(name, true, operation, !isPattern && dice.OneIn(2), new Word(operand));
    }
}
