using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What is left when the daemon is killed without a word. KUID_CRASH_ROUNDS sets how often the load is cut off; 10 unless set.</summary>
public sealed class CrashSpecs : IDisposable
{
    private const int Clients = 4;

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

    [Fact]
    public async Task Row_2_Every_acknowledged_job_is_known_after_a_crash_and_none_runs_twice()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("KUID_CRASH_ROUNDS") ?? "10", CultureInfo.InvariantCulture);
        var random = new Random(1);
        var acknowledged = new ConcurrentDictionary<long, string>();
        string ran = Directory.CreateDirectory(_folder["ran"]).FullName;
        for (int round = 0; round < rounds; round++)
        {
            await using HttpDaemon daemon = await Start("--concurrency", "8");
            using var cut = new CancellationTokenSource();
            Task[] load = [.. Enumerable.Range(0, Clients).Select(client => SubmitUntil(daemon, $"{round}-{client}", ran, acknowledged, cut.Token))];
            int atLeast = acknowledged.Count + random.Next(40);
            await Eventually.Holds(() => acknowledged.Count >= atLeast, "the load is under way");
            await daemon.Daemon.Kill();
            await cut.CancelAsync();
            await Task.WhenAll(load);
            await IsSound();
        }

        await using HttpDaemon last = await Start();
        foreach ((long id, string name) in acknowledged)
        {
            JsonElement job = await last.Client.Ended(id);
            job.Text("name").Should().Be(name);
            job.Text("state").Should().BeOneOf("succeeded", "lost");
            (job.Text("state") == "lost" || File.Exists(Path.Combine(ran, name))).Should().BeTrue("job {0} is said to have run", id);
        }

        Directory.GetFiles(ran, "*.twice").Should().BeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {acknowledged.Count} acknowledged jobs");
    }

    // A mark that is there already says so: mkdir succeeds once.
    private static async Task SubmitUntil(
        HttpDaemon daemon, string prefix, string ran, ConcurrentDictionary<long, string> acknowledged, CancellationToken cut)
    {
        for (int i = 0; !cut.IsCancellationRequested; i++)
        {
            string name = $"{prefix}-{i}";
            string mark = Path.Combine(ran, name);
            try
            {
                acknowledged[await daemon.Client.Submit($"set -C; : > {mark} || : >| {mark}.twice", $"\"name\":\"{name}\"")] = name;
            }
            catch (HttpRequestException)
            {
                // The daemon is gone; whether it had taken the job, nobody was told.
                return;
            }
        }
    }

    private Task<HttpDaemon> Start(params string[] options) => HttpDaemon.Start(options.Length > 0 ? options : ["--concurrency", "3"], folder: _folder);

    private async Task IsSound()
    {
        ToolRun check = await ToolRun.Of("python3",
        [
            "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])", _folder["data/history.db"],
        ]);
        check.Text.Trim().Should().Be("ok", check.Stderr);
    }
}
