using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands;

public sealed class ArgumentReaderSpecs
{
    private static readonly CommandHelp Help = new()
    {
        Synopsis = "do [-a] [-b] [-m MODE] [-1] PATH...",
        Summary = "Does.",
        Options = [("-a", "all"), ("-b, --both", "both"), ("-m, --mode MODE", "mode"), ("-1", "one")],
    };

    [Theory]
    [InlineData("-a x", "-a", "x")]
    [InlineData("-ab x", "-a -b", "x")]
    [InlineData("--both x", "-b", "x")]
    [InlineData("-m 7 x", "-m=7", "x")]
    [InlineData("-am7 x", "-a -m=7", "x")]
    [InlineData("--mode=7 x", "-m=7", "x")]
    [InlineData("--mode 7 x", "-m=7", "x")]
    [InlineData("-m 7 -m 8 x", "-m=8", "x")]
    [InlineData("-- -a", "", "-a")]
    [InlineData("-a -- -b", "-a", "-b")]
    [InlineData("x -a", "", "x -a")]
    [InlineData("- -a", "", "- -a")]
    [InlineData("-1 -5", "-1", "-5")]
    [InlineData("-5", "", "-5")]
    public void Options_stand_first(string arguments, string options, string operands)
    {
        ArgumentReader reader = Read(arguments);

        string[] given = [.. new[] { "-a", "-b", "-1" }.Where(reader.Has), .. reader.ValueOf("-m") is { } mode ? [$"-m={ArgumentReader.Text(mode)}"] : Array.Empty<string>()];
        string.Join(' ', given).Should().Be(options);
        string.Join(' ', reader.Operands.Select(ArgumentReader.Text)).Should().Be(operands);
    }

    [Fact]
    public void A_value_that_is_no_text_is_no_option()
    {
        var reader = new ArgumentReader(new CommandCall("do", default, [new Argument(new Int64Value(-1), default)], Input: null), Help);

        reader.Operands.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("-z", "there is no option -z; there are -a, -b, --both, -m, --mode and -1")]
    [InlineData("-az", "there is no option -z; there are -a, -b, --both, -m, --mode and -1")]
    [InlineData("--bot", "there is no option --bot; there are -a, -b, --both, -m, --mode and -1")]
    [InlineData("--both=1", "the option --both has no value")]
    [InlineData("-am", "the option -m needs a value (MODE)")]
    public void An_option_that_cannot_be_is_refused(string arguments, string message) =>
        FluentActions.Invoking(() => Read(arguments)).Should().Throw<CommandException>().WithMessage(message);

    [Fact]
    public void Too_few_and_too_many_operands_are_refused()
    {
        Refused(() => Read("").NeedAtLeast(1, "PATH")).Should().Be("needs at least one PATH");
        Refused(() => Read("a").NeedAtLeast(2, "FILE")).Should().Be("needs at least 2 arguments (FILE)");
        Refused(() => Read("a b").TakeAtMost(1, "COUNT")).Should().Be("takes one COUNT: b is too much");
        Refused(() => Read("a b c").TakeAtMost(2, "FILE")).Should().Be("takes at most 2 arguments (FILE): c is too much");
        Refused(() => Read("a").TakeAtMost(0)).Should().Be("takes no arguments: a is too much");
        Refused(() => Read("a").NeedExactly("OLD", "NEW")).Should().Be("needs OLD and NEW");
        Refused(() => Read("a b c").NeedExactly("OLD", "NEW")).Should().Be("takes OLD and NEW: c is too much");
    }

    [Fact]
    public void A_call_that_awaits_arguments_is_never_short_of_any()
    {
        ArgumentReader reader = Read("", awaitsArguments: true);

        reader.NeedAtLeast(2, "FILE");
        reader.NeedExactly("OLD", "NEW");
        reader.AwaitsArguments.Should().BeTrue();
    }

    [Fact]
    public void Arguments_are_read_as_what_they_must_be()
    {
        ArgumentReader reader = Read("");

        reader.Integer(Of("-0x10"), "N").Should().Be(-16);
        reader.Integer(Of("0xffffffffffffffff"), "N").Should().Be(-1);
        reader.Count(Of("7"), "N").Should().Be(7);
        reader.Size(Of("4KiB"), "SIZE").Should().Be(4096);
        reader.Duration(Of("1.5"), "TIME").Should().Be(1_500_000_000);
        reader.Mode(Of("0644"), "MODE").Should().Be(0x1A4);
        reader.Mode(Of("rwxr-xr-x"), "MODE").Should().Be(0x1ED);
        reader.DateTime(Of("@5"), "TIME").Should().Be(new DateTimeValue(5, 0));
        reader.Integer(new Argument(new UInt64Value(5), default), "N").Should().Be(5);
        reader.Mode(new Argument(new ModeValue(0x81A4), default), "MODE").Should().Be(0x1A4);
        reader.Size(new Argument(new SizeValue(5), default), "N").Should().Be(5);
    }

    [Fact]
    public void What_they_are_not_is_said_with_the_form_that_is_allowed()
    {
        ArgumentReader reader = Read("");

        Refused(() => reader.Integer(Of("x"), "PID")).Should().Be("PID is a whole number, not x");
        Refused(() => reader.Integer(Of(""), "PID")).Should().Be("PID is a whole number, not ''");
        Refused(() => reader.Integer(Of("9"), "LEVEL", 0, 8)).Should().Be("LEVEL is a whole number, 0 to 8, not 9");
        Refused(() => reader.Count(Of("-9"), "COUNT")).Should().Be("COUNT is a whole number, 0 or more, not -9");
        Refused(() => reader.Size(Of("1\u001bKB"), "SIZE")).Should().Be("SIZE is a size, such as 1000, 1KB or 4MiB, not 1\\x1bKB");
        Refused(() => reader.Duration(Of("-1"), "TIME")).Should().Be("TIME is a duration, such as 5, 250ms or 1h30m, not -1");
        Refused(() => reader.Mode(Of("u+x"), "MODE")).Should().Be("MODE is a mode, such as 0644 or rw-r--r--, not u+x");
        Refused(() => reader.Mode(Of("100644"), "MODE")).Should().Be("MODE is a mode, such as 0644 or rw-r--r--, not 100644");
        Refused(() => reader.DateTime(Of("x"), "TIME"))
            .Should().Be("TIME is a moment, such as 2026-11-21, 2026-11-21 12:00 or 2026-11-21T12:00:00Z, not x");
    }

    [Theory]
    [InlineData("sizee", "size")]
    [InlineData("nmae", "name")]
    [InlineData("SIZE", "size")]
    [InlineData("x", null)]
    [InlineData("something", null)]
    public void A_name_that_is_nearly_right_is_guessed(string meant, string? nearest) =>
        NearestName.Among(["name", "inode", "size", "mode"], meant).Should().Be(nearest);

    private static ArgumentReader Read(string arguments, bool awaitsArguments = false)
    {
        Argument[] read = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Of)];
        return new ArgumentReader(new CommandCall("do", default, read, Input: null, awaitsArguments), Help);
    }

    private static Argument Of(string text) => new(new StringValue(text), default(SourceSpan));

    private static string Refused(Action reading) => reading.Should().Throw<CommandException>().Which.Message;
}
