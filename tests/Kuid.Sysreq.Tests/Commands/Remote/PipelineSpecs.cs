using System.Diagnostics;
using System.Globalization;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Remote;
using Kuid.Sysreq.Tests.Evaluation;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary>The commands in pipelines, as people write them: the examples of the README and of the commands' own help.</summary>
public sealed class PipelineSpecs : IDisposable
{
    private static readonly string[] Asking =
    [
        "cat", "cmp", "count", "date", "df", "dmesg", "free", "grep", "head", "hexdump", "hostname", "id", "lines", "ls", "lsof", "mounts",
        "netstat", "ps", "pstat", "readlink", "select", "sort", "stat", "tail", "ulimit", "uname", "uptime", "where", "xargs",
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Examples => new(SystemCommands.All.SelectMany(command => command.Help.Examples).Distinct(StringComparer.Ordinal));

    public static TheoryData<string> AskingExamples => new(Examples
        .Select(row => row.Data)
        .Where(example => !example.Contains(';', StringComparison.Ordinal))
        .Where(example => example.Split(" | ").All(stage => stage.Split(' ') is var words && Asking.Contains(words[0], StringComparer.Ordinal)
            && (words[0] != "xargs" || Asking.Contains(words[1], StringComparer.Ordinal)))));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_help_can_be_written(string example) => ScriptParser.Parse(example).Should().NotBeNull();

    /// <summary>What there is of the files and processes that it names is this machine's affair; how it is used is not.</summary>
    [Theory]
    [MemberData(nameof(AskingExamples))]
    public async Task An_example_that_only_asks_is_no_wrong_use(string example) =>
        (await RunAsync(example)).Status.Should().BeInRange(0, 1);

    [Fact]
    public async Task Ls_of_the_README_is_printed_as_there()
    {
        Directory.CreateDirectory(_folder["bin"]);
        File.CreateSymbolicLink(_folder["lib"], "bin");

        var run = await RunAsync("ls | sort", "ruby");

        var inodes = (await ToolRun.Of("stat", ["-c", "%i", ".", "..", "bin", "lib"], workingDirectory: _folder.Path)).Text.Split('\n');
        run.Output.Should().Be(
            "[:name, :inode, :dtype]\n"
            + $"[\".\", {inodes[0]}, 4]\n[\"..\", {inodes[1]}, 4]\n[\"bin\", {inodes[2]}, 4]\n[\"lib\", {inodes[3]}, 10]\n");
    }

    [Fact]
    public async Task Uname_of_the_README_is_printed_as_there() =>
        (await RunAsync("uname | select nodename", "ruby")).Output.Should().Be($"[:nodename]\n[\"{Environment.MachineName}\"]\n");

    [Fact]
    public async Task Processes_of_the_README_are_printed_as_there()
    {
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "printf kuid-test > /proc/$$/comm; read forever"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
        try
        {
            await Eventually.Holds(
                () => File.ReadAllText($"/proc/{child.Id}/comm") == "kuid-test\n", "the child has its name");
            foreach (var source in new[]
            {
                $"ps | xargs pstat | grep comm kuid-test | where pid == {child.Id} | select pid rss comm",
                $"ps | where comm == 'kuid-test' and pid == {child.Id} | select pid rss comm",
            })
            {
                // It may still grow until it waits: what is compared was the same before and after.
                var rss = "";
                var run = new Evaluation.Outcome("", "", 0);
                await Eventually.Holds(
                    async () =>
                    {
                        rss = ResidentPages(child.Id);
                        run = await RunAsync(source, "ruby");
                        return rss == ResidentPages(child.Id);
                    },
                    "the child waits");
                run.Output.Should().Be($"[:pid, :rss, :comm]\n[{child.Id}, {rss}, \"kuid-test\"]\n");
            }

            (await RunAsync($"ps | where comm == 'kuid-test' and pid == {child.Id} | xargs kill -9")).Output.Should()
                .Be(string.Create(CultureInfo.InvariantCulture, $"{child.Id}\n"));

            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await child.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }
    }

    [Fact]
    public async Task What_a_later_stage_names_is_fetched_through_those_between()
    {
        await File.WriteAllBytesAsync(_folder["large"], new byte[5000]);
        await File.WriteAllBytesAsync(_folder["larger"], new byte[7000]);
        await File.WriteAllBytesAsync(_folder["small"], new byte[5]);

        (await RunAsync("ls | where dtype == 'file' | where size > 1KB | sort -r size | select name size")).Output.Should()
            .Be("larger\t7000\nlarge\t5000\n");
        (await RunAsync("ls | where dtype == 'file' and size < 1KB | xargs stat | select name size")).Output.Should()
            .Be("./small\t5\n", "xargs takes the path, which no option looks like");
    }

    [Fact]
    public async Task Text_goes_from_files_through_programs_into_files()
    {
        await File.WriteAllTextAsync(_folder["in"], "one\ntwo\nthree\n");

        var run = await RunAsync(
            "cat in | run tr a-z A-Z | tee all | grep T | tee some | count; run sort < in > sorted", transport: new UnixTransport(SysreqServer.SharedSocket));

        run.Should().Be(new Evaluation.Outcome("2\n", "", 0));
        (await File.ReadAllTextAsync(_folder["all"])).Should().Be("ONE\nTWO\nTHREE\n");
        (await File.ReadAllTextAsync(_folder["some"])).Should().Be("TWO\nTHREE\n");
        (await File.ReadAllTextAsync(_folder["sorted"])).Should().Be("one\nthree\ntwo\n");
    }

    [Fact]
    public async Task Errors_name_the_command_once_and_the_script_goes_on()
    {
        var run = await RunAsync("stat missing; mkdir; echo $?");

        run.Output.Should().Be("2\n");
        run.Errors.Should().Contain("stat: missing: no such file or directory").And.Contain("mkdir: needs at least one PATH");
    }

    [Fact]
    public async Task The_root_of_a_session_is_that_of_its_programs_and_pipelines_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root changes the root");
        Directory.CreateDirectory(_folder["jail/inside"]);

        var run = await RunAsync("chroot jail; ls / | where name == 'inside' | count; run /bin/sh -c true; echo $?", transport: new UnixTransport(SysreqServer.SharedSocket));

        run.Output.Should().Be("1\n127\n");
    }

    [Fact]
    public async Task A_subshell_that_would_leave_the_root_of_its_session_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root changes the root");
        Directory.CreateDirectory(_folder["jail"]);

        var run = await RunAsync("(cd / && pwd); chroot jail; (cd / && pwd); echo $?", transport: new UnixTransport(SysreqServer.SharedSocket));

        run.Output.Should().Be("/\n1\n");
        run.Errors.Should().Contain("needs a connection of its own, which would begin outside of the root that chroot gave to this one");
    }

    private static string ResidentPages(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(' ')[23];

    private async Task<Evaluation.Outcome> RunAsync(string source, string format = "text", ITransport? transport = null)
    {
        await using var session = await Shells.OpenAsync(new SessionOptions { Directory = _folder.Path }, transport);
        return await Shells.RunAsync(session, source, format);
    }
}
