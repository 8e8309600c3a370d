using System.Text.Json;

namespace Kuid.Coprocess.Tests;

/// <summary>
/// The Oils project's published module (client/py_fanos.py), which is not ours and is given by path, drives the command list of its
/// demo (client/headless_demo.py).
/// </summary>
public sealed class OilsSpecs
{
    private const string Variable = "KUID_OILS_FANOS";

    [Theory]
    [InlineData("descriptors")]
    [InlineData("files")]
    [InlineData("terminal")]
    public async Task Acceptance_6_the_commands_of_its_demo_keep_their_state_and_write_on_what_was_passed(string way)
    {
        string? oils = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(oils is not null, $"{Variable} is not set to a folder with py_fanos.py and headless_demo.py of the Oils project");
        Assert.SkipUnless(ToolRun.Exists("python3"), "python3 is not installed");
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        Directory.CreateDirectory(daemon.Daemon.Folder["work"]);

        ToolRun run = await ToolRun.Of(
            "python3",
            [Repository.File("tests/e2e/Kuid.Coprocess.Tests/oils_commands.py"), oils, daemon.Socket, way, daemon.Daemon.Folder["work"]]);

        run.ExitCode.Should().Be(0, "{0}", run.Stderr);
        JsonElement said = JsonDocument.Parse(run.Text).RootElement;
        Dictionary<string, string?> replies = said.GetProperty("replies").EnumerateArray()
            .GroupBy(reply => reply[0].GetString()!, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First()[1].GetString(), StringComparer.Ordinal);
        string output = said.GetProperty("output").GetString()!.ReplaceLineEndings("\n");

        replies["GETPID"].Should().MatchRegex("^OK [0-9]+$");
        replies["EVAL read x"].Should().Be("OK 0");
        replies["EVAL ("].Should().Be("OK 2", "a syntax error is the text's");
        replies["EVAL zzZZ"].Should().Be("OK 127");
        replies["EVAL exit"].Should().StartWith("OK ");
        replies["EVAL echo done"].Should().BeNull("the session has ended with exit");
        replies.Values.Should().NotContain(reply => reply != null && reply.StartsWith("ERROR"), "every text is evaluated");
        output.Should().Contain("hi\n").And.Contain("one\ntwo\nthree\n").And.Contain("1\n2\n3\n").And.Contain("subshell\n")
            .And.Contain("x: a line\n").And.Contain("syntax error").And.Contain("zzZZ").And.NotContain("done\n");
        output.StartsWith("head\n", StringComparison.Ordinal).Should().Be(way == "files", "a file is written where it stands");
        said.GetProperty("unchanged").GetBoolean().Should().BeTrue("the flags of the descriptors and the settings of the terminal are the client's own");
    }
}
