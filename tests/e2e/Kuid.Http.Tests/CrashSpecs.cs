using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What is left when the daemon is killed without a word.</summary>
public sealed class CrashSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_1_Jobs_that_ran_are_lost_and_gone_and_those_that_waited_run_at_the_next_start()
    {
        List<JsonElement> running = [];
        List<long> waiting = [];
        await using (HttpDaemon killed = await Start())
        {
            for (int i = 0; i < 3; i++)
            {
                long id = await killed.Client.SubmitRunning("trap '' TERM; sleep 1000 & wait");
                await Eventually.Holds(async () => (await killed.Client.Job(id)).GetProperty("pid").ValueKind == JsonValueKind.Number, "it has a process");
                running.Add(await killed.Client.Job(id));
            }

            for (int i = 0; i < 5; i++)
            {
                waiting.Add(await killed.Client.Submit("cat; echo $MARK", $$$"""
                    "stdin":"{{{Convert.ToBase64String("in "u8)}}}","env":{"MARK":"m{{{i}}}"}
                    """));
            }

            // The rows of the processes are written beside the jobs; a list has what was recorded before it.
            (await killed.Client.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.OK);
            await killed.Daemon.Kill();
        }

        int[] pids = [.. running.Select(job => (int)job.Long("pid"))];
        pids.Should().OnlyContain(pid => ProcessTable.IsAlive(pid));
        await using HttpDaemon next = await Start();

        pids.Should().NotContain(pid => ProcessTable.IsAlive(pid));
        foreach (JsonElement job in running)
        {
            JsonElement lost = await next.Client.Job(job.Long("id"));
            (lost.Text("state"), lost.Text("reason")).Should().Be(("lost", "lost"));
        }

        foreach ((long id, int i) in waiting.Select((id, i) => (id, i)))
        {
            (await next.Client.Ended(id)).Text("state").Should().Be("succeeded");
            (await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be($"in m{i}\n");
        }

        (await next.Client.Submit("true")).Should().BeGreaterThan(waiting[^1]);
        await IsSound();
    }

    private Task<HttpDaemon> Start() => HttpDaemon.Start(["--concurrency", "3"], folder: _folder);

    private async Task IsSound()
    {
        ToolRun check = await ToolRun.Of("python3",
        [
            "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])", _folder["data/history.db"],
        ]);
        check.Text.Trim().Should().Be("ok", check.Stderr);
    }
}
