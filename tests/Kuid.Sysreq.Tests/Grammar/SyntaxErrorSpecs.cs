using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>What is said about a source that cannot be read, and where the caret is.</summary>
public sealed class SyntaxErrorSpecs
{
    private const string Incomplete = "... ";

    /// <summary>The cases of <c>syntax-errors.txt</c>: source, what is shown, whether more lines could complete it.</summary>
    public static TheoryData<string, string, bool> Mistakes()
    {
        var mistakes = new TheoryData<string, string, bool>();
        foreach (string block in Resources.Read("syntax-errors.txt").TrimEnd('\n').Split("\n\n").Skip(1))
        {
            bool isIncomplete = block.StartsWith(Incomplete, StringComparison.Ordinal);
            string shown = isIncomplete ? block[Incomplete.Length..] : block;
            mistakes.Add(shown.Split('\n')[1], shown, isIncomplete);
        }

        return mistakes;
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Every_mistake_has_its_sentence_its_place_and_its_caret(string source, string shown, bool isIncomplete)
    {
        SyntaxException error = Error(source);
        error.Render().Should().Be(shown);
        error.IsIncomplete.Should().Be(isIncomplete);
        error.Line.Should().Be(source);
    }

    [Fact]
    public void The_line_shown_is_the_one_that_the_mistake_begins_in()
    {
        Error("ls\necho \"abc\ndef").Render().Should().Be("2:6: the quote `\"` is never closed\necho \"abc\n     ^");
        Error("ls\r\nps | | x\r\nls").Render().Should().Be("2:6: a command is missing between `|` and `|`\nps | | x\n     ^");
        Error("ls\ncat <<E\nabc\n").Render().Should()
            .Be("2:5: the here-document is never ended: no line after it is `E` alone\ncat <<E\n    ^^^");
    }

    [Fact]
    public void What_is_missing_at_the_end_is_shown_behind_the_last_thing_before_it()
    {
        Error("echo a\nif b; then c\n\n").Render().Should().Be(
            "2:13: `fi` is missing: the `if` in line 2 is still open\nif b; then c\n            ^");
        Error("ls |\n\n# here\n").Render().Should().Be("1:5: a command is missing after `|`\nls |\n    ^");
    }

    [Fact]
    public void The_caret_stands_below_the_place_behind_tabs_wide_characters_and_characters_without_width()
    {
        Error("\techo\t| |").Render().Should().Be("1:9: a command is missing between `|` and `|`\n\techo\t| |\n\t    \t  ^");
        Error("echo 漢字😀 | | x").Render().Should().EndWith($"\n{new string(' ', 14)}^");
        Error("echo e\u0301 | | x").Render().Should().EndWith($"\n{new string(' ', 9)}^");
        Error("echo '漢").Render().Should().EndWith("\n     ^");
        Error("where 漢").Render().Should().EndWith("\n      ^^");
    }

    [Fact]
    public void Control_characters_are_shown_as_pictures_so_that_no_terminal_obeys_them()
    {
        Error("echo \u001b[31m\u0085\u202e\u007f | | x").Render().Should().Be(
            "1:17: a command is missing between `|` and `|`\necho ␛[31m\uFFFD\uFFFD␡ | | x\n                ^");
        Error("a \0 b").Render().Should().Be("1:3: a NUL character cannot stand in a script\na ␀ b\n  ^");
    }

    [Fact]
    public void A_long_line_is_cut_around_the_place()
    {
        SyntaxException error = Error($"echo {new string('a', 100_000)} | | {new string('b', 100_000)}");
        string[] lines = error.Render().Split('\n');
        lines[0].Should().StartWith("1:100009: ");
        lines[1].Length.Should().BeLessThan(200);
        lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)].Should().Be('|');
        lines[1].Should().StartWith("…").And.EndWith("…");
    }

    [Fact]
    public void What_is_named_in_a_sentence_is_cut_where_it_is_long_and_never_within_a_character()
    {
        Error($"(ls) {new string('a', 39)}😀b").Message.Should().StartWith($"`{new string('a', 39)}…` cannot follow `)`");
        Error("(ls) 'a\nb'").Message.Should().StartWith("`'a…` cannot follow `)`");
    }

    [Fact]
    public void A_place_within_backticks_and_here_documents_is_the_place_in_the_source()
    {
        Error("echo `\nls \\`a | | b\\``").Span.Start.Should().Be(new SourcePosition(16, 2, 10));
        Error("cat <<-E\n\t\ta $(b | | c)\n\tE\n").Span.Start.Should().Be(new SourcePosition(19, 2, 11));
        Error("cat <<E\n${x:-\nE\n").Render().Should().Be("2:1: `${` is never closed\n${x:-\n^^");
        Error("cat <<E\n${x\nE\n").Message.Should().StartWith("the end of the line cannot follow the name in `${...}`");
    }

    [Fact]
    public void What_is_open_in_a_text_that_has_ended_cannot_be_completed_by_more_lines()
    {
        Error("echo `ls | '`").IsIncomplete.Should().BeFalse();
        Error("cat <<E\n$(ls\nE\n").IsIncomplete.Should().BeFalse();
        Error("cat <<E\n$(ls\n").IsIncomplete.Should().BeTrue();
        Error("echo `if a`").IsIncomplete.Should().BeFalse();
    }

    [Fact]
    public void Each_beginning_of_a_script_that_ends_within_something_is_incomplete_until_the_last_line()
    {
        string[] lines = ["if a &&", "b; then (", "echo 'x", "y' \\", "z", ") else {", "case x in", "a)", "cat <<E", "text", "E", ";;", "esac", "}", "fi"];
        for (int count = 1; count < lines.Length; count++)
        {
            Error(string.Join('\n', lines[..count])).IsIncomplete.Should().BeTrue($"only {count} lines are there");
        }

        ScriptParser.Parse(string.Join('\n', lines)).Statements.Should().HaveCount(1);
    }

    private static SyntaxException Error(string source) => FluentActions.Invoking(() => ScriptParser.Parse(source)).Should().Throw<SyntaxException>().Which;
}
