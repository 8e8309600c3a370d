using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Pipelines that are ended before they end by themselves, between system calls and within one.</summary>
public sealed class PipelineEndingSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_timeout_ends_a_pipeline_between_its_calls()
    {
        JsonElement job = await _client.PipelineToEnd("echo before; sleep 600; echo after", """ "timeoutSeconds":0.5 """);

        (job.Text("state"), job.Text("reason"), job.GetProperty("exitCode").ValueKind).Should().Be(("failed", "timeout", JsonValueKind.Null));
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/rows")).Should().Be("{\"string\":\"before\"}\n");
    }

    [Fact]
    public async Task A_cancel_ends_a_loop_without_end()
    {
        long id = await _client.SubmitPipeline("echo begun; while true; do pwd; done", """ "maxOutputBytes":1000 """);
        await Eventually.Holds(async () => (await _client.Job(id)).Long("stdoutBytes") > 2000, "it goes round");

        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();

        JsonElement job = await _client.Ended(id);
        (job.Text("state"), job.Text("reason"), job.Text("endedBy")).Should().Be(("canceled", "canceled", job.Text("principal")));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("timeout")]
    public async Task A_call_that_does_not_return_is_ended_after_the_grace_with_the_process_that_makes_it(string how)
    {
        using var folder = new TempFolder();
        (await ToolRun.Of("mkfifo", [folder["fifo"]])).ExitCode.Should().Be(0);
        string timeout = how == "timeout" ? "\"timeoutSeconds\":0.5," : string.Empty;
        long id = await _client.SubmitPipeline($"cat {folder["fifo"]}", timeout + "\"killGraceSeconds\":0.5");
        int server = 0;
        await Eventually.Holds(() => (server = WhoHasOpen(folder["fifo"])) != 0 || how == "timeout", "a server waits for the other end");
        if (how == "cancel")
        {
            (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        }

        JsonElement job = await _client.Ended(id);

        (job.Text("state"), job.Text("reason")).Should().Be(how == "cancel" ? ("canceled", "canceled") : ("failed", "timeout"));
        await Eventually.Holds(() => server == 0 || !ProcessTable.IsAlive(server), "the server that was inside the call is gone");
        (await _client.PipelineToEnd("echo on")).Text("state").Should().Be("succeeded", "the others serve on");
    }

    // openat(2) of a fifo that nobody writes to does not return, so no descriptor shows it; its arguments are in /proc/PID/syscall.
    private int WhoHasOpen(string fifo) => ProcessTable.WithCommandLine("kuid-sysreqd").FirstOrDefault(pid =>
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/wchan") is "wait_for_partner" or "fifo_open";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
