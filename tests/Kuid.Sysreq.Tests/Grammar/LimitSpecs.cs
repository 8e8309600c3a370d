using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Sources that are long, deep or both: each is read or refused, on a small stack, without work that grows faster than they do.</summary>
public sealed class LimitSpecs
{
    private const int Million = 1_000_000;
    private const int Levels = 100;

    // A thread of the pool has 1.5 MiB; half a megabyte is left to whoever calls.
    private const int Stack = 1 << 20;
    private const int TooSmallStack = 160 << 10;

    /// <summary>What can be nested: its beginning, its innermost, its end.</summary>
    public static TheoryData<string, string, string> Nestings => new()
    {
        { "( ", "ls", " )" },
        { "{ ", "ls", "; }" },
        { "if a; then ", "ls", "; fi" },
        { "if ", "ls", "; then a; fi" },
        { "while a; do ", "ls", "; done" },
        { "for x in a; do ", "ls", "; done" },
        { "case x in a) ", "ls", ";; esac" },
        { "f() { ", "ls", "; }" },
        { "echo $(", "ls", ")" },
        { "echo \"$(", "ls", ")\"" },
        { "echo ${x:-$(", "ls", ")}" },
        { "where \"a$(", "ls", ")\" == 1" },
    };

    /// <summary>What can be nested within one command.</summary>
    public static TheoryData<string, string, string, string, string> Insides => new()
    {
        { "echo ", "${x:-", "d", "}", "" },
        { "echo ", "\"${x:-", "d", "}\"", "" },
        { "where ", "(", "a", ")", "" },
        { "where ", "not ", "a", "", "" },
        { "where ", "- ", "a", "", "" },
        { "echo $((", "(", "1", ")", "))" },
        { "echo $((", "- ", "1", "", "))" },
        { "echo $((", "1 ** ", "1", "", "))" },
        { "echo $((", "x = ", "1", "", "))" },
        { "echo $((", "a ? b : ", "1", "", "))" },
        { "echo $((", "a ? ", "1", " : b", "))" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_hundred_levels_are_read_and_printed_and_more_are_refused(string opening, string innermost, string closing) =>
        Nested("", opening, innermost, closing, "", levels: opening.Contains("${", StringComparison.Ordinal) ? Levels / 2 : Levels);

    [Theory]
    [MemberData(nameof(Insides))]
    public void A_hundred_levels_within_a_command_are_read_and_printed_and_more_are_refused(
        string before, string opening, string innermost, string closing, string after) =>
        Nested(before, opening, innermost, closing, after, levels: after == "))" ? Levels - 1 : Levels);

    [Theory]
    [InlineData("where ", "a", " + a", "")]
    [InlineData("where ", "a", " and a", "")]
    [InlineData("echo $((", "1", " + 1", "))")]
    public void An_expression_of_five_hundred_operators_is_read_and_a_longer_one_is_refused(string before, string first, string more, string after)
    {
        string longest = before + first + Repeat(more, 500) + after;
        OnSmallStack(() =>
        {
            Script script = ScriptParser.Parse(longest);
            ScriptParser.Parse(script.ToString()).Should().Be(script);
        });
        Refused(before + first + Repeat(more, 501) + after).Should().Be("an expression may not have more than 500 operators");
        Refused(before + first + Repeat(more, Million / 4) + after).Should().Be("an expression may not have more than 500 operators");
    }

    [Fact]
    public void On_a_stack_that_is_too_small_what_is_deep_is_refused_and_ends_nothing()
    {
        string? message = null;
        OnSmallStack(() => message = Outcome(Repeat("echo $(", Levels) + "ls" + Repeat(")", Levels)), TooSmallStack);
        message.Should().Be("this is nested too deep for the stack that is left");
    }

    [Fact]
    public void Operators_of_expressions_within_an_expression_count_too()
    {
        string inner = $"$(where a{Repeat(" + a", 300)})";
        ScriptParser.Parse($"where {inner} == 1; where {inner} == 1").Statements.Should().HaveCount(2);
        Refused($"where {inner} + {inner} == 1").Should().Be("an expression may not have more than 500 operators");
    }

    /// <summary>Short things that can stand side by side any number of times.</summary>
    public static TheoryData<string> Pieces =>
    [
        "ls;", "ls\n", "ls|", "a && ", "a ", "a=1 ", "> f ", "'a' ", "\"$x\" ", "$'a'", "${x}", "\\\n", "a\\\n", "\\a", "$(a)", "`a`", "$((1))", "#", "😀",
        "<<E\nE\n", "f(){ a;};",
    ];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void A_hundred_thousand_characters_of_anything_short_are_read(string piece)
    {
        string source = Repeat(piece, 100_000 / piece.Length);
        OnSmallStack(() => Outcome(piece is "ls|" or "a && " ? source + "a" : source).Should().BeNull());
    }

    [Fact]
    public void A_million_characters_of_everything_are_read()
    {
        string line = string.Concat(Pieces.Select(piece => piece.Data).Where(piece => piece != "#")) + " # and so on\n";
        string source = Repeat(line, Million / line.Length);
        OnSmallStack(() => ScriptParser.Parse(source).Statements.Count.Should().Be(4 * (Million / line.Length)));
    }

    [Theory]
    [InlineData("(", "`((` is not supported as a command: arithmetic is written `$((...))`, a subshell in a subshell `( (`")]
    [InlineData("( ", "nothing may be nested deeper than 100 levels")]
    [InlineData("$(", "nothing may be nested deeper than 100 levels")]
    [InlineData("`", null)]
    [InlineData("$((", "nothing may be nested deeper than 100 levels")]
    [InlineData("{ ", "nothing may be nested deeper than 100 levels")]
    [InlineData("\"${x:-", "nothing may be nested deeper than 100 levels")]
    [InlineData("if ", "nothing may be nested deeper than 100 levels")]
    [InlineData("where (", "`(` cannot follow `where`: an operator is missing between them")]
    [InlineData("case x in a) ", "nothing may be nested deeper than 100 levels")]
    [InlineData("<<E ", "the text of the here-document `E` is missing: it begins in the next line")]
    [InlineData("<<E\n", "the here-document is never ended: no line after it is `E` alone")]
    [InlineData("$(cat <<E\n", "the here-document is never ended: no line after it is `E` alone")]
    [InlineData("!", null)]
    [InlineData("! ", "`!` stands twice before one pipeline")]
    [InlineData("'", null)]
    [InlineData("\\", null)]
    [InlineData("$", "`$$` is not supported: a script has no process of its own; a lone dollar is written `\\$`")]
    public void A_hundred_thousand_openings_are_refused_at_once(string opening, string? message) =>
        OnSmallStack(() => Outcome(Repeat(opening, 100_000)).Should().Be(message));

    private static void Nested(string before, string opening, string innermost, string closing, string after, int levels)
    {
        string Of(int count) => before + Repeat(opening, count) + innermost + Repeat(closing, count) + after;
        OnSmallStack(() =>
        {
            Script script = ScriptParser.Parse(Of(levels));
            ScriptParser.Parse(script.ToString()).Should().Be(script);
            _ = script.GetHashCode();
        });
        Refused(Of(levels + 1)).Should().Be("nothing may be nested deeper than 100 levels");
    }

    private static string Refused(string source)
    {
        string? message = null;
        OnSmallStack(() => message = Outcome(source));
        return message!;
    }

    private static string? Outcome(string source)
    {
        try
        {
            ScriptParser.Parse(source);
            return null;
        }
        catch (SyntaxException e)
        {
            e.Render().Length.Should().BeLessThan(1000);
            return e.Message;
        }
    }

    private static void OnSmallStack(Action action, int stack = Stack)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            stack);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
