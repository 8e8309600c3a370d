using System.Diagnostics;
using System.Globalization;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>ps</c>, <c>pstat</c>, <c>kill</c> and <c>lsof</c>, on processes of the test's own.</summary>
public sealed class ProcessSpecs
{
    /// <summary>A number that no process has: pid_max is 2^22 at most.</summary>
    private const string Nobody = "4194305";

    private static string Own => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Ps_has_every_process(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        using var child = new Sleeper();

        var result = (await shell.RunAsync("ps")).ShouldSucceed();

        result.Texts("pid").Should().Contain([Own, child.Pid]).And.OnlyHaveUniqueItems();
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Pstat_has_the_fields_of_the_stat_file(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        using var child = new Sleeper();

        // It may still be on its way to sleep, and its numbers change: what is compared was the same before and after.
        StageResult? result = null;
        var before = "";
        await Eventually.Holds(
            async () =>
            {
                before = await File.ReadAllTextAsync($"/proc/{child.Pid}/stat");
                result = (await shell.RunAsync("pstat", child.Pid)).ShouldSucceed();
                return before == await File.ReadAllTextAsync($"/proc/{child.Pid}/stat");
            },
            "the child sleeps");

        var fields = before.Split(' ');
        fields[1] = fields[1].Trim('(', ')');
        result!.Rows.Should().ContainSingle().Which.Select(ValueText.Of).Should().Equal(fields.Take(39));
    }

    [Fact]
    public async Task A_program_with_parentheses_and_blanks_in_its_name_has_that_name()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var child = new Sleeper("a) R (b");

        var result = (await shell.RunAsync(new StageCall("pstat", child.Pid) { Demands = ["cmdline", "uid"] })).ShouldSucceed();

        result.Texts("comm").Should().Equal("a) R (b");
        result.Texts("ppid").Should().Equal(Own);
        result.Texts("cmdline").Should().ContainSingle().Which.Should().StartWith("/bin/sh -c printf").And.EndWith(" a) R (b");
        result.Texts("uid").Should().Equal((await ToolRun.Of("id", ["-u"])).Text.Trim());
    }

    [Fact]
    public async Task A_process_that_has_ended_is_an_error_and_the_others_go_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = await shell.RunAsync("pstat", Own, Nobody, "1");

        result.Texts("pid").Should().Equal(Own, "1");
        result.Messages.Should().Equal($"{Nobody}: no such process [ESRCH]");
        result.Status.Should().Be(1);
    }

    [Fact]
    public async Task Without_a_number_pstat_has_all_and_says_nothing_of_those_that_end_meanwhile()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = (await shell.RunAsync("pstat")).ShouldSucceed();

        result.Texts("pid").Should().Contain([Own, "1"]);
    }

    [Fact]
    public async Task Ps_knows_what_pstat_knows_when_a_later_stage_names_it()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var child = new Sleeper();

        var result = (await shell.RunAsync(new StageCall("ps") { Demands = ["comm", "ppid", "cmdline"] })).ShouldSucceed();

        result.Where("pid", child.Pid, "comm").Should().Be(new StringValue("sleep"));
        ValueText.Of(result.Where("pid", child.Pid, "ppid")).Should().Be(Own);
        ValueText.Of(result.Where("pid", child.Pid, "cmdline")).Should().Be($"{Sleeper.Program} 600");
    }

    [Fact]
    public async Task A_hundred_processes_are_three_round_trips()
    {
        var counted = new RecordingTransport(new UnixTransport(SysreqServer.SharedSocket));
        await using var shell = await RemoteShell.ConnectAsync(counted);
        object[] pids = [.. Enumerable.Repeat<object>(Own, 100)];

        // The first time memory is mapped, and asked how many files may be open.
        (await shell.RunAsync("pstat", pids)).Rows.Should().HaveCount(100);
        var before = counted.RoundTrips;
        var requests = counted.Writes.Count;
        (await shell.RunAsync("pstat", pids)).Rows.Should().HaveCount(100);

        // A piece of a batch may be answered before the next is written, and is then counted by itself: so the pieces are the bound.
        (counted.Writes.Count - requests).Should().BeLessThan(10);
        (counted.RoundTrips - before).Should().BeInRange(3, counted.Writes.Count - requests);
    }

    [Fact]
    public async Task Kill_ends_processes_and_has_those_that_it_reached()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var first = new Sleeper();
        using var second = new Sleeper();

        var result = await shell.RunAsync("kill", first.Pid, Nobody, second.Pid);

        result.Texts("pid").Should().Equal(first.Pid, second.Pid);
        result.Messages.Should().Equal($"{Nobody}: no such process [ESRCH]");
        (await first.ExitCodeAsync()).Should().Be(128 + 15);
        (await second.ExitCodeAsync()).Should().Be(128 + 15);
    }

    [Theory]
    [InlineData("-9", 9)]
    [InlineData("-KILL", 9)]
    [InlineData("-sigusr1", 10)]
    [InlineData("-s INT", 2)]
    [InlineData("-sHUP", 1)]
    [InlineData("-RTMIN+2", 36)]
    public async Task Kill_sends_the_signal_that_is_named(string option, int signal)
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var child = new Sleeper();

        (await shell.RunAsync("kill", [.. option.Split(' '), child.Pid])).ShouldSucceed();

        (await child.ExitCodeAsync()).Should().Be(128 + signal);
    }

    [Fact]
    public async Task Kill_with_0_only_asks()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var child = new Sleeper();

        (await shell.RunAsync("kill", "-0", child.Pid)).ShouldSucceed().Texts("pid").Should().Equal(child.Pid);
        (await shell.RunAsync("kill", "-0", Nobody)).Status.Should().Be(1);

        child.HasExited.Should().BeFalse();
    }

    [Fact]
    public async Task Lsof_has_what_a_process_has_open()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await using var file = File.Create(shell.Folder["an open file"]);

        var result = (await shell.RunAsync(new StageCall("lsof", Own) { Demands = ["comm"] })).ShouldSucceed();

        ValueText.Of(result.Where("target", shell.Folder["an open file"], "fd")).Should()
            .Be(file.SafeFileHandle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture));
        result.Texts("comm").Distinct(StringComparer.Ordinal).Should().Equal((await File.ReadAllTextAsync($"/proc/{Own}/comm")).Trim());
        (await shell.RunAsync("lsof", Nobody)).Messages.Should().Equal($"{Nobody}: no such process [ESRCH]");
    }

    [Fact]
    public async Task Lsof_of_all_processes_has_those_that_may_be_seen()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await using var file = File.Create(shell.Folder["an open file"]);

        var result = await shell.RunAsync("lsof");

        result.Texts("target").Should().Contain(shell.Folder["an open file"]);
        result.Messages.Should().NotContain(message => !message.Contains("belong to others", StringComparison.Ordinal));
    }

    /// <summary>A process that does nothing until it is killed.</summary>
    private sealed class Sleeper : IDisposable
    {
        private readonly Process _process;

        public Sleeper(string? name = null)
        {
            // What started the suite may ignore signals (a script's `&` does SIGINT), and that is inherited.
            string[] words = name is null ? ["/usr/bin/env", "--default-signal", Program, "600"] : ["/bin/sh", "-c", "printf %s \"$0\" > /proc/$$/comm; read forever", name];
            _process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true })!;

            // Until it has executed, it is a copy of this process with this one's name.
            var comm = name ?? "sleep";
            SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{Pid}/comm") == $"{comm}\n", TimeSpan.FromMinutes(1)).Should().BeTrue();
        }

        public static string Program { get; } = new[] { "/usr/bin/sleep", "/bin/sleep" }.First(File.Exists);

        public string Pid => _process.Id.ToString(CultureInfo.InvariantCulture);

        public bool HasExited => _process.HasExited;

        public async Task<int> ExitCodeAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();

            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
