using System.Diagnostics;
using Kuid.TestKit;

namespace Kuid.Readme.Tests;

public sealed class ReadmeSpecs
{
    public static TheoryData<int> Examples
    {
        get
        {
            int count = Transcript.Of(File.ReadAllText(Repository.File("README.md"))).Count;
            count.Should().BeGreaterThan(2, "the README has console examples");
            return [.. Enumerable.Range(0, count)];
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_console_example_prints_what_the_README_says(int example)
    {
        using var folder = new TempFolder();
        string port = TestDaemon.FreePort();

        // The README's own places belong to whoever uses this machine.
        string Local(string text) => text
            .Replace("/tmp/shell", folder["shell"], StringComparison.Ordinal)
            .Replace("/tmp/k.", folder["k."], StringComparison.Ordinal)
            .Replace("13000", port, StringComparison.Ordinal);

        string readme = await File.ReadAllTextAsync(Repository.File("README.md"), TestContext.Current.CancellationToken);
        try
        {
            foreach (Step step in Transcript.Of(readme)[example])
            {
                string printed = step.Command.StartsWith("telnet", StringComparison.Ordinal)
                    ? await Telnet(Local(step.Command), [.. step.Output])
                    : (await Shell(Local(step.Command), folder)).Replace("\r\n", "\n", StringComparison.Ordinal);
                printed.Trim('\n').Should().Be(Local(string.Join('\n', step.Output)), "that is what `{0}` prints", step.Command);
            }
        }
        finally
        {
            // An example that failed half-way has not come to its own kill. One that has may have its daemon still stopping, whose
            // pidfile goes at any moment.
            await Shell($"for f in {folder.Path}/*.pid; do [ ! -f $f ] || kill $(cat $f); done 2> /dev/null", folder);
        }
    }

    private static async Task<string> Shell(string command, TempFolder folder)
    {
        ToolRun run = await ToolRun.Of(
            "/bin/sh",
            ["-c", command],
            workingDirectory: Repository.Root,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUID_DATA"] = folder["data"] });
        run.Stderr.Should().BeEmpty("`{0}` has nothing to complain about", command);
        return run.Text;
    }

    /// <summary>A session whose transcript shows, after the third line, what the user typed; a pipe does not echo it.</summary>
    private static async Task<string> Telnet(string command, List<string> transcript)
    {
        const int Greeting = 3;
        int answer = transcript.FindIndex(line => line.StartsWith("status:", StringComparison.Ordinal));
        List<string> typed = transcript[Greeting..answer];
        string[] words = command.Split(' ');
        using var telnet = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        foreach (string line in typed)
        {
            await telnet.StandardInput.WriteAsync(line + "\n");
            await telnet.StandardInput.FlushAsync();
        }

        // Its input stays open: telnet would leave before the reply, as it would for a user who types Ctrl-D.
        string printed = await telnet.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        string complaint = await telnet.StandardError.ReadToEndAsync();
        List<string> lines = [.. printed.ReplaceLineEndings("\n").Trim('\n').Split('\n'), complaint.Trim('\n')];
        lines.InsertRange(Greeting, typed);
        return string.Join('\n', lines);
    }
}
