using System.Text.Json;

namespace Kuid.Coprocess.Tests;

/// <summary>A client's terminal: it stays one, its keys reach what runs on it, and it is the same afterwards.</summary>
public sealed class TerminalSpecs
{
    [Theory]
    [InlineData("/bin/bash")]
    [InlineData("/bin/dash")]
    public async Task Row_92_ctrl_C_interrupts_a_text_on_a_terminal_whose_settings_and_flags_stay_as_they_were(string shell)
    {
        Assert.SkipUnless(ToolRun.Exists("python3"), "python3 is not installed");
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not installed");
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start("--coprocess-shell", shell);

        ToolRun run = await ToolRun.Of(
            "python3",
            [Repository.File("tests/e2e/Kuid.Coprocess.Tests/terminal.py"), Repository.File("clients/python"), daemon.Socket]);

        run.ExitCode.Should().Be(0, "{0}", run.Stderr);
        JsonElement said = JsonDocument.Parse(run.Text).RootElement;
        Status(said, "argv").Should().Be(0, "a program sees a terminal");
        Status(said, "eval").Should().Be(0, "a text does");
        Status(said, "interrupted").Should().Be(130);
        Status(said, "kept").Should().Be(0, "neither the session nor its background jobs are touched");
        Status(said, "read").Should().Be(0, "what is typed is read");
        Status(said, "after").Should().Be(0);
        said.GetProperty("unchanged").GetBoolean().Should().BeTrue();
    }

    private static int Status(JsonElement said, string name) => said.GetProperty(name).GetInt32();
}
