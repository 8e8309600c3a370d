using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote.Parsing;

/// <summary>The names of signals.</summary>
public sealed class SignalTableSpecs
{
    [Fact]
    public async Task Each_has_the_name_that_bash_has_for_it()
    {
        Assert.SkipUnless(ToolRun.Exists("bash"), "bash is not installed, with whose names these are compared");
        for (var number = 1; number <= 34; number++)
        {
            var run = await ToolRun.Of("bash", ["-c", $"kill -l {number}"]);

            // The C library keeps 32 and 33 for itself, and bash has no name for them.
            if (run.ExitCode == 0 && run.Text.Trim() is { Length: > 0 } name && !name.All(char.IsAsciiDigit))
                SignalTable.NameOf(number).Should().Be(name);
        }
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("hup", 1)]
    [InlineData("0", 0)]
    [InlineData("64", 64)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX", 64)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("65", null)]
    [InlineData("-1", null)]
    [InlineData("TERMINATE", null)]
    [InlineData("", null)]
    [InlineData("SIG", null)]
    [InlineData("RTMIN+31", null)]
    [InlineData("99999999999999999999", null)]
    public void A_signal_is_a_name_or_a_number(string text, int? number) => SignalTable.Parse(text).Should().Be(number);

    [Fact]
    public void Every_number_is_found_again_by_its_name()
    {
        for (var number = 1; number <= 64; number++)
            SignalTable.Parse(SignalTable.NameOf(number)).Should().Be(number);
    }
}
