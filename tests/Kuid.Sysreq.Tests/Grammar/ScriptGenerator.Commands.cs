using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <content>Commands and redirections.</content>
internal sealed partial class ScriptGenerator
{
    private static readonly string[] CommandNames = ["ls", "ps", "echo", "x-y", "./a", "2", "in", "[", "é", "to"];
    private static readonly string[] Variables = ["x", "y", "_a1", "PATH"];

    private CommandNode Command(bool canBeWhere)
    {
        int kind = dice.Below(CanNest ? 20 : 10);
        return kind switch
        {
            < 8 => Simple(),
            < 10 => canBeWhere ? new WhereCommand(Condition()) : Simple(),
            < 11 => new FunctionDefinition(dice.Of("f", "my-f.x"), Nested(Compound)),
            _ => Nested(Compound),
        };
    }

    private SimpleCommand Simple()
    {
        NodeList<Assignment> assignments = dice.OneIn(5) ? List(1, 2, Assignment) : [];
        bool hasWords = assignments.Count == 0 || dice.OneIn(2);
        NodeList<Word> words = hasWords ? [Name(), .. List(0, 3, () => BareWord())] : [];
        return new SimpleCommand(assignments, words, Redirections());
    }

    private Word Name() => dice.Below(10) switch
    {
        0 => new Word([Parameter(Surrounding.Bare)]),
        1 => new Word([new SingleQuotedPart("if")]),
        2 => new Word([new EscapedPart("i"), new LiteralPart("f")]),
        3 => new Word([new LiteralPart("a"), new SingleQuotedPart("=1")]),
        _ => new Word([new LiteralPart(dice.Of(CommandNames))]),
    };

    private Assignment Assignment() => new(dice.Of(Variables), dice.OneIn(4), dice.OneIn(5) ? null : BareWord(isValue: true));

    private CommandNode Compound() => dice.Below(7) switch
    {
        0 => new Subshell(Script(), Redirections()),
        1 => new Group(Script(), Redirections()),
        2 => new ForCommand(
            dice.Of(Variables), dice.OneIn(4) ? null : List(0, 3, () => BareWord()), Script(), Redirections()),
        3 => new WhileCommand(dice.OneIn(2), Script(), Script(), Redirections()),
        4 or 5 => new IfCommand(
            List(1, 3, () => new IfClause(Script(), Script())), dice.OneIn(2) ? Script() : null, Redirections()),
        _ => new CaseCommand(BareWord(), List(0, 3, CaseItem), Redirections()),
    };

    private CaseItem CaseItem() => new(List(1, 3, () => BareWord()), Script(canBeEmpty: true));

    private NodeList<Redirection> Redirections() => dice.OneIn(4) ? List(1, 3, Redirection) : [];

    private Redirection Redirection()
    {
        int? output = dice.Of<int?>(null, 1, 2);
        int? input = dice.Of<int?>(null, 0);
        return dice.Below(8) switch
        {
            0 => new Redirection(RedirectionKind.Input, input, BareWord(), null),
            1 => new Redirection(RedirectionKind.Output, output, BareWord(), null),
            2 => new Redirection(RedirectionKind.Append, output, BareWord(), null),
            3 => new Redirection(RedirectionKind.Duplicate, output, new Word([new LiteralPart(dice.Of("1", "2"))]), null),
            4 => new Redirection(RedirectionKind.OutputAndErrors, null, BareWord(), null),
            5 => new Redirection(RedirectionKind.HereString, input, BareWord(), null),
            _ => HereDocument(input),
        };
    }

    // No two have the same delimiter, for one within another would end that too.
    private Redirection HereDocument(int? descriptor)
    {
        bool isQuoted = dice.OneIn(3);
        string delimiter = $"{dice.Of("E", "-E", isQuoted ? "it's " : "é")}{_delimiters++}";
        Word text = isQuoted
            ? new Word(dice.OneIn(4) ? [] : [new LiteralPart(dice.Of("a\n", "\n", "$x `b` \\\n\"c\n", "a\\\\\n é\tb\n"))])
            : Document();
        return new Redirection(
            RedirectionKind.HereDocument, descriptor, text, new HereDocument(delimiter, isQuoted, StripsTabs: dice.OneIn(3)));
    }
}
