using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What a person with curl does first.</summary>
public sealed class AcceptanceSpecs
{
    [Fact]
    public async Task Curl_submits_a_job_polls_it_to_its_end_and_reads_its_output()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        ToolRun submitted = await Curl(
            daemon, "-i", "-d", """{"kind":"shell","command":"sleep 1; echo hi"}""", "-H", "Content-Type: application/json", "http://localhost/v1/jobs");
        submitted.Text.Should().StartWith("HTTP/1.1 202");
        string location = submitted.Text.Split("\r\n").Single(line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..];

        JsonElement job = default;
        await Eventually.Holds(
            async () =>
            {
                job = JsonDocument.Parse((await Curl(daemon, "http://localhost" + location)).Stdout).RootElement;
                return job.Text("state") is not ("queued" or "running");
            },
            "the job has ended");
        (job.Text("state"), job.Text("reason"), job.Long("exitCode")).Should().Be(("succeeded", "exit", 0L));
        (await Curl(daemon, $"http://localhost{location}/stdout")).Text.Should().Be("hi\n");
    }

    private static Task<ToolRun> Curl(HttpDaemon daemon, params string[] words) =>
        ToolRun.Of("curl", ["-sS", "--unix-socket", daemon.SocketPath, .. words]);
}
