namespace Kuid.Sysreqd.Tests.Sockets;

public sealed class UsageSpecs
{
    private const string Usage = "kuid-sysreqd: usage: kuid-sysreqd PATH|PORT|- [look]\n";

    public static TheoryData<string[]> Wrong => new(
        [], [""], ["socket"], ["0"], ["65536"], ["32000x"], ["-1"], ["--help"], ["-", "see"], ["-", "look", "look"], ["look"]);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_use_is_answered_with_the_right_one(string[] arguments)
    {
        ToolRun run = await ToolRun.Of(Server.Program, arguments);

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Be(Usage);
        run.Stdout.Should().BeEmpty();
    }
}
