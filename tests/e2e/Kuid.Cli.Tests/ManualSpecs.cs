namespace Kuid.Cli.Tests;

/// <summary>clients/cli/kuid.1, which <c>make build</c> puts into bin/share/man.</summary>
public sealed class ManualSpecs
{
    private static readonly string Page = Repository.File("clients/cli/kuid.1");

    [Fact]
    public async Task The_page_says_what_the_verbs_say()
    {
        string made = (await KuidCommand.Run(["__manual"])).Text;
        if (Environment.GetEnvironmentVariable("KUID_WRITE") == "1")
        {
            await File.WriteAllTextAsync(Page, made, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken)).Should().Be(
            made, "KUID_WRITE=1 dotnet test tests/e2e/Kuid.Cli.Tests --filter ManualSpecs writes the page again");
        made.Should().Contain("kuid queue set NAME").And.Contain(@"\-\-retry\-backoff").And.NotContain("__");
    }

    [Fact]
    public async Task Mandoc_finds_nothing_wrong_with_it()
    {
        Assert.SkipUnless(ToolRun.Exists("mandoc"), "mandoc is not installed (packages.sh test)");

        ToolRun run = await ToolRun.Of("mandoc", ["-Tlint", "-Wwarning", Page]);

        (run.Text, run.ExitCode).Should().Be((string.Empty, 0));
    }

    [Fact]
    public async Task Man_shows_it()
    {
        Assert.SkipUnless(ToolRun.Exists("man"), "man is not installed");

        ToolRun run = await ToolRun.Of(
            "man",
            ["--warnings", "-l", Page],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["MANWIDTH"] = "100", ["LC_ALL"] = "C.UTF-8", ["MANPAGER"] = "cat" });

        Assert.SkipWhen(run.Text.Contains("has been minimized", StringComparison.Ordinal), "this system's man is a stand-in");
        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        run.Text.Should().Contain("kuid - run, follow and end jobs of kuid-jobd").And.Contain("--max-attempts N").And.Contain("kuid rerun --state failed --label team=web");
    }
}
