using System.Text;
using Kuid.Cli.Editing;

namespace Kuid.Cli.Tests.Editing;

public sealed class KeyDecoderSpecs
{
    [Theory]
    [InlineData("\x01", nameof(KeyCode.LineStart))]
    [InlineData("\x03", nameof(KeyCode.Interrupt))]
    [InlineData("\x04", nameof(KeyCode.DeleteRightOrEnd))]
    [InlineData("\x05", nameof(KeyCode.LineEnd))]
    [InlineData("\t", nameof(KeyCode.Tab))]
    [InlineData("\r", nameof(KeyCode.Enter))]
    [InlineData("\n", nameof(KeyCode.Enter))]
    [InlineData("\x0B", nameof(KeyCode.KillToLineEnd))]
    [InlineData("\x0C", nameof(KeyCode.ClearScreen))]
    [InlineData("\x0E", nameof(KeyCode.NextInHistory))]
    [InlineData("\x10", nameof(KeyCode.PreviousInHistory))]
    [InlineData("\x12", nameof(KeyCode.SearchHistory))]
    [InlineData("\x14", nameof(KeyCode.Transpose))]
    [InlineData("\x15", nameof(KeyCode.KillToLineStart))]
    [InlineData("\x17", nameof(KeyCode.KillBlankWordLeft))]
    [InlineData("\x19", nameof(KeyCode.Yank))]
    [InlineData("\x7F", nameof(KeyCode.DeleteLeft))]
    [InlineData("\e[A", nameof(KeyCode.Up))]
    [InlineData("\eOB", nameof(KeyCode.Down))]
    [InlineData("\e[1;5C", nameof(KeyCode.WordRight))]
    [InlineData("\e[D", nameof(KeyCode.Left))]
    [InlineData("\e[H", nameof(KeyCode.LineStart))]
    [InlineData("\e[1~", nameof(KeyCode.LineStart))]
    [InlineData("\eOF", nameof(KeyCode.LineEnd))]
    [InlineData("\e[3~", nameof(KeyCode.DeleteRight))]
    [InlineData("\eb", nameof(KeyCode.WordLeft))]
    [InlineData("\e\x7F", nameof(KeyCode.KillWordLeft))]
    [InlineData("\e[15~", nameof(KeyCode.Unknown))]
    public void What_a_key_sends_is_that_key_also_byte_by_byte(string sent, string code)
    {
        Key[] expected = [new Key(Enum.Parse<KeyCode>(code))];

        new KeyDecoder().Decode(Encoding.UTF8.GetBytes(sent)).Should().Equal(expected);
        ByteByByte(sent).Should().Equal(expected);
    }

    [Fact]
    public void Characters_in_pieces_become_whole()
    {
        string.Concat(ByteByByte("aé漢👩‍👩‍👧").Select(key => key.Text)).Should().Be("aé漢👩‍👩‍👧");
        new KeyDecoder().Decode("ab\r"u8).Should().Equal(new Key(KeyCode.Text, "ab"), new Key(KeyCode.Enter));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_such() =>
        new KeyDecoder().Decode([(byte)'a', 0xFF, (byte)'b']).Should().Equal(new Key(KeyCode.Text, "a\uFFFDb"));

    [Fact]
    public void Pasted_text_is_text_whatever_it_holds()
    {
        const string Pasted = "\e[200~ls\r\techo \e[A\r\e[201~\r";
        Key[] expected = [new Key(KeyCode.Text, "ls\n\techo \e[A\n"), new Key(KeyCode.Enter)];

        new KeyDecoder().Decode(Encoding.UTF8.GetBytes(Pasted)).Should().Equal(expected);
        ByteByByte(Pasted).Should().Equal(expected);
    }

    [Fact]
    public void A_sequence_without_end_is_given_up()
    {
        var decoder = new KeyDecoder();
        decoder.Decode("\e[000000000000000000000000000000000"u8).Should().Equal(new Key(KeyCode.Unknown));
        decoder.Decode("a"u8).Should().Equal(new Key(KeyCode.Text, "a"));
    }

    private static List<Key> ByteByByte(string sent)
    {
        var decoder = new KeyDecoder();
        return [.. Encoding.UTF8.GetBytes(sent).SelectMany(octet => decoder.Decode([octet]))];
    }
}
