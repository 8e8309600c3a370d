using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;

namespace Kuid.Sysreq.Tests.Formats;

public sealed class RubySpecs
{
    [Fact]
    public async Task Rows_look_as_in_the_examples_that_the_language_began_with()
    {
        RowSource processes = Stages.Rows("pid:int64 rss:int64 comm", [416, 1724, "zsh"], [31670, 331, "ssh-agent"]);
        RowSource entries = Stages.Rows("name inode:uint64 dtype:enum", [".", 2ul, new EnumValue("dir", 4)], ["lib", 12ul, new EnumValue("link", 10)]);

        (await Formatted.WriteAsync("ruby", processes)).Should().Be("[:pid, :rss, :comm]\n[416, 1724, \"zsh\"]\n[31670, 331, \"ssh-agent\"]\n");
        (await Formatted.WriteAsync("ruby", entries)).Should().Be("[:name, :inode, :dtype]\n[\".\", 2, 4]\n[\"lib\", 12, 10]\n");
    }

    [Fact]
    public async Task Every_kind_has_its_literal() =>
        (await Formatted.WriteAsync("ruby", Formatted.EveryKind)).Split('\n')[1].Should().Be(
            "[nil, true, -7, 18446744073709551615, 1.5, \"a\\t\\\"é\\\"\", \"a\\xFF\", 1234567, 185.5, 2026-11-21 12:00:00.25 UTC, 16877, 4, "
            + "\"ls: x: permission denied\", [1, nil], {\"k\"=>\"v\"}]");

    // The right sides are what `p` of Ruby prints.
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("#{x} #$x #@x # #x", "\"\\#{x} \\#$x \\#@x # #x\"")]
    [InlineData("\a\b\t\n\v\f\r\u001b\0\u007f", "\"\\a\\b\\t\\n\\v\\f\\r\\e\\x00\\x7F\"")]
    [InlineData("\\\"'", "\"\\\\\\\"'\"")]
    [InlineData("é漢😀", "\"é漢😀\"")]
    [InlineData("\u0085\u2028\ue000", "\"\\u0085\\u2028\\uE000\"")]
    public async Task Texts_are_escaped_as_ruby_does(string text, string literal) =>
        (await Formatted.WriteAsync("ruby", Stages.Only("n", text))).Should().Be($"[:n]\n[{literal}]\n");

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(0.00012345678901234567, "0.00012345678901234567")]
    [InlineData(1e16, "1.0e+16")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1.0e-05")]
    [InlineData(123456789.123, "123456789.123")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public async Task Floats_are_printed_as_ruby_does(double number, string literal) =>
        (await Formatted.WriteAsync("ruby", Stages.Only("n:float", number))).Should().Be($"[:n]\n[{literal}]\n");

    [Fact]
    public async Task A_name_that_is_no_plain_symbol_is_quoted() =>
        (await Formatted.WriteAsync("ruby", new GivenRowsSource([new Column("a b", ValueKind.Any), new Column("ok?", ValueKind.Any), new Column("1", ValueKind.Any)], [])))
            .Should().Be("[:\"a b\", :ok?, :\"1\"]\n");

    [Fact]
    public async Task Data_is_printed_as_it_is() => (await Formatted.WriteAsync("ruby", Stages.Data("a\n", "b"))).Should().Be("a\nb");
}
