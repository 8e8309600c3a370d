using Kuid.Cli.Editing;

namespace Kuid.Cli.Tests.Editing;

public sealed class EditBufferSpecs
{
    // The cursor is written as a bar.
    [Theory]
    [InlineData("ab|c", nameof(EditBuffer.MoveLeft), "a|bc")]
    [InlineData("|abc", nameof(EditBuffer.MoveLeft), "|abc")]
    [InlineData("abc|", nameof(EditBuffer.MoveRight), "abc|")]
    [InlineData("e\u0301|x", nameof(EditBuffer.MoveLeft), "|e\u0301x")]
    [InlineData("|👩‍👩‍👧x", nameof(EditBuffer.MoveRight), "👩‍👩‍👧|x")]
    [InlineData("a漢|", nameof(EditBuffer.DeleteLeft), "a|")]
    [InlineData("🇩🇪🇫🇷|", nameof(EditBuffer.DeleteLeft), "🇩🇪|")]
    [InlineData("a|\nb", nameof(EditBuffer.DeleteRight), "a|b")]
    [InlineData("a\n|b", nameof(EditBuffer.DeleteLeft), "a|b")]
    [InlineData("ls /etc/pass|", nameof(EditBuffer.MoveWordLeft), "ls /etc/|pass")]
    [InlineData("ls| /etc/pass", nameof(EditBuffer.MoveWordRight), "ls /etc|/pass")]
    [InlineData("ls /etc/pass  |x", nameof(EditBuffer.KillBlankWordLeft), "ls |x")]
    [InlineData("ls /etc/pass|", nameof(EditBuffer.KillWordLeft), "ls /etc/|")]
    [InlineData("|ls -l", nameof(EditBuffer.KillWordRight), "| -l")]
    [InlineData("a\nb|c\nd", nameof(EditBuffer.KillToLineEnd), "a\nb|\nd")]
    [InlineData("a\nbc|\nd", nameof(EditBuffer.KillToLineEnd), "a\nbc|d")]
    [InlineData("a\nb|c", nameof(EditBuffer.KillToLineStart), "a\n|c")]
    [InlineData("a\nbc|d\ne", nameof(EditBuffer.MoveToLineStart), "a\n|bcd\ne")]
    [InlineData("a\nb|cd\ne", nameof(EditBuffer.MoveToLineEnd), "a\nbcd|\ne")]
    [InlineData("ab|", nameof(EditBuffer.Transpose), "ba|")]
    [InlineData("a|bc", nameof(EditBuffer.Transpose), "ba|c")]
    [InlineData("|ab", nameof(EditBuffer.Transpose), "|ab")]
    public void Each_key_does_what_readline_does(string before, string act, string after)
    {
        EditBuffer buffer = Of(before);
        typeof(EditBuffer).GetMethod(act, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(buffer, []);
        Shown(buffer).Should().Be(after);
    }

    [Fact]
    public void What_was_taken_away_can_be_put_back()
    {
        EditBuffer buffer = Of("echo a b|");
        buffer.KillBlankWordLeft();
        buffer.MoveToLineStart();
        buffer.Yank();
        Shown(buffer).Should().Be("b|echo a ");
    }

    [Fact]
    public void Up_and_down_go_through_the_lines_of_a_text()
    {
        EditBuffer buffer = Of("for\nx|\ndone");

        buffer.MoveUp().Should().BeTrue();
        Shown(buffer).Should().Be("f|or\nx\ndone");
        buffer.MoveUp().Should().BeFalse();
        buffer.MoveToLineEnd();
        buffer.MoveDown().Should().BeTrue();
        Shown(buffer).Should().Be("for\nx|\ndone");
        buffer.MoveDown().Should().BeTrue();
        buffer.MoveDown().Should().BeFalse();
        Shown(buffer).Should().Be("for\nx\nd|one");
    }

    private static EditBuffer Of(string shown)
    {
        var buffer = new EditBuffer();
        buffer.Set(shown.Replace("|", string.Empty, StringComparison.Ordinal), shown.IndexOf('|', StringComparison.Ordinal));
        return buffer;
    }

    private static string Shown(EditBuffer buffer) => buffer.Text.Insert(buffer.Cursor, "|");
}
