using System.Globalization;
using System.Text.Json;

namespace Kuid.Faults.Tests.Jobs;

/// <summary>Jobs whose streams do not end when they should, through a real daemon that goes on answering others.</summary>
public sealed class StreamRowSpecs : IAsyncLifetime
{
    private HttpDaemon _http = null!;

    private TestDaemon Daemon => _http.Daemon;

    public async ValueTask InitializeAsync() => _http = await HttpDaemon.Start(["--sockproc-drain-seconds", "1", "--sockproc-timeout-seconds", "60"]);

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    [Fact]
    public async Task Row_33_A_descendant_that_holds_the_output_delays_the_reply_by_the_drain_and_keeps_no_descriptor()
    {
        (await Daemon.Run("echo up")).Text.Should().Be("up\n");
        await Eventually.Holds(() => ProcessTable.Children(Daemon.Pid).Count == 0, "nothing runs");
        int before = Pipes();

        await HealthProbe.While(Daemon, async () =>
        {
            Reply reply = await Daemon.Run("sleep 300 & echo $!; exit 7");
            int descendant = int.Parse(reply.Text, CultureInfo.InvariantCulture);
            reply.Status.Should().Be(7 << 8);
            ProcessTable.Children(Daemon.Pid).Should().NotContain(pid => ProcessTable.State(pid) == 'Z' && pid == descendant);
            await ToolRun.Of("kill", ["-KILL", reply.Text.Trim()]);
        });

        await Eventually.Holds(() => Pipes() <= before, "the daemon has let go of the pipes");
        JsonElement job = await Newest();
        job.GetProperty("outputIncomplete").GetBoolean().Should().BeTrue("somebody might have written more");
    }

    [Fact]
    public async Task Row_35_A_job_that_closes_its_outputs_and_runs_on_is_waited_for() =>
        await HealthProbe.While(Daemon, async () => (await Daemon.Run("exec >&- 2>&-; sleep 1.5; exit 3")).Status.Should().Be(768));

    [Fact]
    public async Task Row_36_A_job_that_never_reads_its_input_has_a_normal_reply() =>
        await HealthProbe.While(Daemon, async () =>
        {
            Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Daemon.Run("true", new byte[200_000])));
            replies.Should().OnlyContain(reply => reply.Status == 0 && reply.Stdout.Length == 0 && reply.Stderr.Length == 0);
        });

    [Fact]
    public async Task Row_38_A_job_that_writes_before_it_reads_does_not_stand_still() =>
        await HealthProbe.While(Daemon, async () =>
        {
            Reply reply = await Daemon.Run("head -c 1048576 /dev/zero; cat >/dev/null; echo end >&2", new byte[1 << 20]);
            (reply.Status, reply.Stdout.Length, reply.Error).Should().Be((0, 1 << 20, "end\n"));
        });

    [Fact]
    public async Task Row_39_More_errors_than_a_pipe_holds_come_beside_a_little_output() =>
        await HealthProbe.While(Daemon, async () =>
        {
            Reply reply = await Daemon.Run("head -c 100000 /dev/zero >&2; echo end");
            (reply.Status, reply.Text, reply.Stderr.Length).Should().Be((0, "end\n", 100_000));
        });

    private int Pipes() => Directory.EnumerateFiles($"/proc/{Daemon.Pid}/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);

    private async Task<JsonElement> Newest()
    {
        JsonElement found = default;
        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage response = await _http.Client.GetAsync("/v1/jobs?limit=50&origin=sockproc");
                found = (await response.Body()).GetProperty("items").EnumerateArray().FirstOrDefault(job => job.Text("command") == "sleep 300 & echo $!; exit 7");
                return found.ValueKind == JsonValueKind.Object && found.Text("state") == "failed";
            },
            "the job is in the history");
        return found;
    }
}
