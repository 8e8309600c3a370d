using System.Globalization;
using System.Text.Json;
using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>EVAL, ECMD and what else is about the shell of a connection, in each of the shells.</summary>
public sealed class SessionSpecs : IDisposable
{
    private readonly Streams _streams = new();

    public static TheoryData<string> Shells => ["/bin/bash", "/bin/dash"];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Variables_functions_and_the_directory_stay_and_are_the_connections_own(string shell)
    {
        await using CoprocessDaemon daemon = await StartAsync(shell);
        using var wire = new Wire(daemon.Socket);
        using var other = new Wire(daemon.Socket);

        (await wire.Ask("EVAL x=kept; cd /usr; f() {\n  echo f $1\n}\n", _streams.All)).Should().Be("OK 0");
        (await wire.Ask("EVAL f $x; pwd; false", _streams.All)).Should().Be("OK 1");
        (await wire.Ask("EVAL echo $?", _streams.All)).Should().Be("OK 0");
        (await other.Ask("EVAL echo [$x]", _streams.All)).Should().Be("OK 0");

        (await _streams.Written()).Should().Be("f kept\n/usr\n1\n[]\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task ECMD_says_whether_it_succeeded_and_the_status_stays_in_the_session(string shell)
    {
        await using CoprocessDaemon daemon = await StartAsync(shell);
        using var wire = new Wire(daemon.Socket);

        (await wire.Ask("ECMD true", _streams.All)).Should().Be("OK");
        (await wire.Ask("ECMD sh -c 'exit 7'", _streams.All)).Should().Be("FAIL");
        (await wire.Ask("ECMD echo $?", _streams.All)).Should().Be("OK");

        (await _streams.Written()).Should().Be("7\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Exit_ends_that_session_alone_with_a_reply(string shell)
    {
        await using CoprocessDaemon daemon = await StartAsync(shell);
        using var wire = new Wire(daemon.Socket);
        using var other = new Wire(daemon.Socket);
        (await other.Ask("EVAL x=1", _streams.All)).Should().Be("OK 0");
        int pid = int.Parse((await wire.Ask("GETPID"))!["OK ".Length..], CultureInfo.InvariantCulture);

        (await wire.Ask("EVAL exit 4", _streams.All)).Should().Be("OK 4");
        (await wire.Ask("EVAL echo late", _streams.All)).Should().BeNull("the session is over, and who has sent more reads its end");

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "its shell is gone");
        (await other.Ask("EVAL test $x = 1", _streams.All)).Should().Be("OK 0");
        (await _streams.Written()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_shell_that_is_killed_is_answered_for()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);

        (await wire.Ask("EVAL kill -KILL $$", _streams.All)).Should().Be("OK 137");

        (await wire.Reply()).Should().BeNull();
        JsonElement job = await daemon.Job(job => job.GetProperty("kind").GetString() == "eval" && job.GetProperty("state").GetString() == "failed", "has failed");
        (job.GetProperty("reason").GetString(), job.GetProperty("signal").GetString()).Should().Be(("signal", "SIGKILL"));
    }

    [Fact]
    public async Task The_session_of_a_client_that_goes_away_ends_with_what_it_runs()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        int pid;
        using (var wire = new Wire(daemon.Socket))
        {
            pid = int.Parse((await wire.Ask("GETPID"))!["OK ".Length..], CultureInfo.InvariantCulture);
            await wire.Send(Wire.Netstring("EVAL sleep 1000"), _streams.All);
            await daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");
        }

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "its shell is gone");
        await daemon.Job(job => job.GetProperty("state").GetString() == "canceled", "is canceled");
        (await _streams.Written()).Should().BeEmpty("nobody is left that holds the descriptors");
    }

    [Fact]
    public async Task A_cancel_over_HTTP_interrupts_the_text_and_the_session_goes_on()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);
        await wire.Ask("EVAL x=kept", _streams.All);
        Task<string?> reply = wire.Ask("EVAL sleep 1000", _streams.All);
        JsonElement job = await daemon.Job(
            job => job.GetProperty("state").GetString() == "running" && job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");
        int pid = job.GetProperty("pid").GetInt32();

        // Before it has executed it is the shell's copy, which forgets a signal.
        await Eventually.Holds(() => ProcessTable.WithCommandLine("sleep 1000").Intersect(ProcessTable.Children(pid)).Any(), "sleep runs");

        using HttpResponseMessage cancel = await daemon.Post(job.GetProperty("id").GetInt64(), "cancel");

        (await reply).Should().Be("OK 130");
        (await wire.Ask("EVAL echo $x", _streams.All)).Should().Be("OK 0");
        (await _streams.Written()).Should().Be("kept\n");
    }

    [Fact]
    public async Task A_signal_over_HTTP_reaches_what_the_text_runs()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);
        Task<string?> reply = wire.Ask("EVAL trap 'echo caught' USR1; sh -c 'trap \"echo child; exit 9\" USR1; echo ready > " + daemon.Daemon.Folder["ready"] + "; while :; do sleep 0.01; done'", _streams.All);
        await Eventually.Holds(() => File.Exists(daemon.Daemon.Folder["ready"]), "the child waits for the signal");
        JsonElement job = await daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");

        using HttpResponseMessage signal = await daemon.Post(job.GetProperty("id").GetInt64(), "signal", new { signal = "USR1" });

        ((int)signal.StatusCode).Should().BeLessThan(300);
        (await reply).Should().Be("OK 9");
        (await _streams.Written()).Split('\n').Should().Contain("child");
    }

    [Fact]
    public async Task A_text_is_the_command_of_a_job_of_the_kind_eval_that_cannot_be_repeated()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);
        await wire.Ask("EVAL echo hello; (exit 3)", _streams.All);

        JsonElement job = await daemon.Job(job => job.GetProperty("state").GetString() == "failed", "has failed");

        job.GetProperty("kind").GetString().Should().Be("eval");
        job.GetProperty("origin").GetString().Should().Be("coprocess");
        job.GetProperty("command").GetString().Should().Be("echo hello; (exit 3)");
        job.GetProperty("exitCode").GetInt32().Should().Be(3);
        job.GetProperty("passedThrough").GetBoolean().Should().BeTrue();
        using HttpResponseMessage rerun = await daemon.Post(job.GetProperty("id").GetInt64(), "rerun");
        ((int)rerun.StatusCode).Should().Be(409);
    }

    [Fact]
    public async Task DUMP_and_COMPLETE_answer_with_JSON()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);
        await wire.Ask("EVAL cd /usr; abc_variable=1; (exit 5)", _streams.All);

        JsonElement state = JsonDocument.Parse((await wire.Ask("DUMP"))!["OK ".Length..]).RootElement;
        string? completions = await wire.Ask("COMPLETE echo $abc_v", _streams.All);

        (state.GetProperty("cwd").GetString(), state.GetProperty("status").GetInt32()).Should().Be(("/usr", 5));
        completions.Should().Be("OK [\"$abc_variable\"]");
        (await wire.Ask("EVAL echo $?", _streams.All)).Should().Be("OK 0");
        (await _streams.Written()).Should().Be("5\n", "looking at the session does not change its status");
    }

    [Fact]
    public async Task A_daemon_that_stops_answers_what_runs_and_closes_what_waits()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start("--grace", "0");
        using var idle = new Wire(daemon.Socket);
        using var busy = new Wire(daemon.Socket);
        int pid = int.Parse((await idle.Ask("GETPID"))!["OK ".Length..], CultureInfo.InvariantCulture);
        Task<string?> reply = busy.Ask("ARGV\0sleep\01000\0", _streams.All);
        await daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");

        (await daemon.Daemon.Stop()).Should().Be(0);

        (await reply).Should().Be("OK 15");
        (await idle.Reply()).Should().BeNull();
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "no shell is left");
    }

    [Fact]
    public async Task Output_goes_to_files_at_their_offsets()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var wire = new Wire(daemon.Socket);
        string path = daemon.Daemon.Folder["file"];
        using SafeFd file = LibcFiles.OpenOwn(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        LibcIo.Write(file, "head\n"u8);

        await wire.Ask("EVAL echo one; sh -c 'echo two'", [_streams.All[0], file, file]);
        LibcIo.Write(file, "tail\n"u8);

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Should().Be("head\none\ntwo\ntail\n");
    }

    public void Dispose() => _streams.Dispose();

    private static async Task<CoprocessDaemon> StartAsync(string shell)
    {
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not installed");
        return await CoprocessDaemon.Start("--coprocess-shell", shell);
    }
}
