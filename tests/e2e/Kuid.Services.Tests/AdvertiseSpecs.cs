using System.Globalization;
using System.Text.Json;

namespace Kuid.Services.Tests;

/// <summary>Programs that <c>kuid advertise</c> offers, called by telnet and by <c>kuid call</c>.</summary>
public sealed class AdvertiseSpecs
{
    private static readonly string Kuid = Repository.File("bin/kuid");

    [Fact]
    public async Task By_telnet_a_name_a_user_an_argument_and_an_empty_line_get_the_programs_output_and_the_end()
    {
        Assert.SkipUnless(ToolRun.Exists("telnet"), "telnet is not installed (packages.sh test)");
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: true);
        await using AdvertiseCommand subserver = daemon.Offer("weather", "#!/bin/sh\necho \"sunny in $1\"\n");
        await subserver.Says("weather is offered");

        ToolRun telnet = await Telnet(daemon, "weather\n\nUlm\n\n");

        telnet.Text.Should().Contain(Caller.Welcome.TrimEnd('\n')).And.EndWith("sunny in Ulm\n");
        telnet.Stderr.Should().Contain("Connection closed by foreign host");
    }

    [Fact]
    public async Task By_telnet_an_unknown_name_is_told()
    {
        Assert.SkipUnless(ToolRun.Exists("telnet"), "telnet is not installed (packages.sh test)");
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: true);

        (await Telnet(daemon, "whether\n")).Text.Should().EndWith("error: there is no service \"whether\"\n");
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_is_run_by_sh_with_two_thousand_arguments()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--services-arguments", "2000"]);
        await using AdvertiseCommand subserver = daemon.Offer("count", "echo \"$# $2000\"\n".Replace("$2000", "${2000}", StringComparison.Ordinal));
        await subserver.Says("count is offered");

        (await daemon.Call("count\n\n" + string.Concat(Enumerable.Range(1, 2000).Select(n => $"{n}\n")) + "\n")).Should().Be("2000 2000\n");
    }

    [Fact]
    public async Task Kuid_call_is_the_program_with_streams_arguments_and_exit_code()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("s", "#!/bin/sh\ncat; printf '%s %s\\n' \"$1\" \"$LANG\" >&2; exit 7\n", "stderr = separate\nenv = LANG\n");
        await subserver.Says("s is offered");

        ToolRun run = await ToolRun.Of(Kuid, ["call", "--services", daemon.Address, "--env", "LANG=de", "s", "-n"], "typed\n"u8.ToArray());

        (run.ExitCode, run.Text, run.Stderr).Should().Be((7, "typed\n", "-n de\n"));
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        job.GetProperty("stdinBytes").GetInt64().Should().Be(6);
        job.GetProperty("stdoutBytes").GetInt64().Should().Be(6);
        job.GetProperty("stderrBytes").GetInt64().Should().Be(6);
        job.GetProperty("claimedUser").GetString().Should().Be(Environment.UserName);
    }

    [Fact]
    public async Task A_signal_that_ends_the_program_is_in_the_exit_code_and_no_job_outlives_its_caller()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("s", "#!/bin/sh\nkill -USR1 $$\n");
        await subserver.Says("s is offered");

        (await ToolRun.Of(Kuid, ["call", "--services", daemon.Address, "s"])).ExitCode.Should().Be(128 + 10);
    }

    [Theory]
    [InlineData("nosuch", 125, "kuid: there is no service \"nosuch\"\n")]
    [InlineData("s --env A=1", 125, "kuid: s lets its callers not set A; allowed: none\n")]
    [InlineData("s", 2, "kuid: call: an argument of a service has at least one character: an empty line ends the arguments; see kuid call --help\n", "")]
    [InlineData("s", 125, "kuid: n: \"x\" is not allowed; a whole number is\n", "x")]
    public async Task What_cannot_be_called_is_told(string call, int exitCode, string talk, params string[] arguments)
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("s", "#!/bin/sh\n", "param.n = integer, optional\n");
        await subserver.Says("s is offered");
        string[] words = call.Split(' ');

        ToolRun run = await ToolRun.Of(Kuid, ["call", "--services", daemon.Address, .. words[1..], words[0], .. arguments]);

        (run.ExitCode, run.Text, run.Stderr).Should().Be((exitCode, string.Empty, talk));
    }

    [Fact]
    public async Task A_subserver_that_leaves_ends_its_calls_and_says_how_they_ended()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("s", "#!/bin/sh\necho ready; exec sleep 1000\n");
        await subserver.Says("s is offered");
        using Caller caller = await daemon.Connect();
        await caller.Send("s\n\n\n");
        await caller.ReadLine();
        (await caller.ReadLine()).Should().Be("ready");

        await subserver.Signal("TERM");

        (await subserver.WaitForExit()).Should().Be(0);
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        (job.GetProperty("reason").GetString(), job.GetProperty("signal").GetString()).Should().Be(("signal", "SIGTERM"));
        await daemon.Gone("s");
        (await daemon.Call("s\n")).Should().Be("error: there is no service \"s\"\n");
    }

    [Fact]
    public async Task A_subserver_that_is_killed_has_no_names_any_more()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("s", "#!/bin/sh\n");
        await using AdvertiseCommand other = daemon.Offer("s2", "#!/bin/sh\necho there\n");
        await subserver.Says("s is offered");
        await other.Says("s2 is offered");

        await subserver.Signal("KILL");
        await subserver.WaitForExit();

        await daemon.Gone("s");
        (await daemon.Call("s\n")).Should().Be("error: there is no service \"s\"\n");
        (await daemon.Call("s2\n\n\n")).Should().Be("there\n");
    }

    [Fact]
    public async Task Without_a_start_command_it_waits_for_the_next_superserver_and_calls_that_run_go_on()
    {
        using var folder = new TempFolder();
        ServicesDaemon daemon = await ServicesDaemon.Start(folder: folder);
        await using AdvertiseCommand subserver = AdvertiseCommand.Start(
            folder, daemon.Registry, $"[s]\npath = {AdvertiseCommand.Program(folder, "s.sh", "#!/bin/sh\necho ready; read word; echo \"$word\"\n")}\n");
        await subserver.Says("s is offered");
        using Caller caller = await daemon.Connect();
        await caller.Send("s\n\n\n");
        await caller.ReadLine();
        (await caller.ReadLine()).Should().Be("ready");
        await daemon.Daemon.Kill();
        await subserver.Says("has gone");

        await using ServicesDaemon next = await ServicesDaemon.Start(folder: folder);

        await Eventually.Holds(
            () => subserver.Talk.Split("s is offered").Length - 1 == 2, () => "the service is offered again; it said\n" + subserver.Talk);
        await caller.Send("still here\n");
        (await caller.ReadToEnd()).Should().Be("still here\n");
    }

    // telnet leaves at the end of its own input, so that this stays open until the other side has closed.
    private static Task<ToolRun> Telnet(ServicesDaemon daemon, string lines) => ToolRun.Of(
        "/bin/sh",
        ["-c", string.Create(CultureInfo.InvariantCulture, $"{{ printf '{lines.Replace("\n", "\\n", StringComparison.Ordinal)}'; tail -f /dev/null & echo $! > tail.pid; wait; }} | {{ telnet 127.0.0.1 {daemon.Address}; kill $(cat tail.pid); }}")],
        workingDirectory: daemon.Daemon.Folder.Path);
}
