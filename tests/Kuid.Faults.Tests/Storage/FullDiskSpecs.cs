using System.Net;
using Kuid.Jobd.Core.Tests.Storage.Sqlite;

namespace Kuid.Faults.Tests.Storage;

/// <summary>No room for the history, no room for output.</summary>
public sealed class FullDiskSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_17_a_line_of_the_audit_log_that_a_full_disk_has_cut_takes_no_other_with_it()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "256k,mode=700");
        await using HttpDaemon http = await HttpDaemon.Start(["--audit-log", disk["audit.log"]], folder: _folder);
        await http.Daemon.Run("true");
        await Eventually.Holds(() => new FileInfo(disk["audit.log"]).Length > 0, "it is noted");
        disk.Fill();
        for (int i = 0; i < 60; i++)
        {
            await http.Daemon.Run("true");
        }

        await Eventually.Holds(() => http.Daemon.Log.Contains("audit", StringComparison.Ordinal), "the log says that it cannot be written");
        disk.MakeRoom();
        await http.Client.GetAsync("/v1/queues");

        string[] lines = [];
        await Eventually.Holds(() => (lines = File.ReadAllLines(disk["audit.log"])).Any(line => line.Contains("listQueues", StringComparison.Ordinal)), "it goes on");
        lines.Count(line => line.Length > 0 && !line.EndsWith('}')).Should().Be(1, "one was cut");
        lines.Should().NotContain(line => line.IndexOf("{\"at\"", 1, Math.Max(0, line.Length - 1)) > 0, "none has become the beginning of another");
    }

    [Fact]
    public async Task Row_17_on_a_full_disk_jobs_are_refused_before_they_run_what_runs_goes_on_and_its_end_is_kept_when_there_is_room()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["data"], "8m,mode=700");
        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        HttpClient client = http.Client;
        long running = await client.SubmitRunning($"while ! [ -e {_folder["go"]} ]; do sleep 0.1; done; echo done", "\"name\":\"running\"");
        await HealthProbe.While(http.Daemon, async () =>
        {
            disk.Fill();
            await Eventually.Holds(
                async () =>
                {
                    string large = Requests.Shell($"touch {_folder["ran"]} #" + new string('x', 100_000), "\"notBefore\":\"2999-01-01T00:00:00Z\"");
                    using HttpResponseMessage response = await client.PostAsync("/v1/jobs", Requests.Json(large));
                    return response.StatusCode == HttpStatusCode.InsufficientStorage && await response.Code() == "full";
                },
                "there is no room for another job");
            using (HttpResponseMessage refused = await client.PostAsync(
                "/v1/jobs", Requests.Json(Requests.Shell($"touch {_folder["ran"]} #" + new string('x', 100_000)))))
            {
                refused.StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
            }

            await File.WriteAllTextAsync(_folder["go"], string.Empty);
            (await http.Daemon.Run("echo meanwhile")).Text.Should().Be("meanwhile\n");
            (await client.Ended(running)).Text("state").Should().Be("succeeded", "the end of a job needs no room");
            using HttpResponseMessage readiness = await client.GetAsync("/readyz");
            readiness.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await readiness.Content.ReadAsStringAsync()).Should().Contain("no space is left for the history");
            http.Daemon.Log.Should().Contain("no space is left for the history");
            (await client.GetStringAsync("/metrics")).Should().MatchRegex("(?m)^kuid_history_unsaved [1-9]");
            File.Exists(_folder["ran"]).Should().BeFalse("what is refused does not run");

            disk.MakeRoom();
            await Eventually.Holds(async () => (await client.GetAsync("/readyz")).IsSuccessStatusCode, "the history works again");
            await client.SubmitToEnd("true");
        });
        await Eventually.Holds(
            async () => (await client.GetStringAsync("/metrics")).Contains("\nkuid_history_unsaved 0\n", StringComparison.Ordinal), "everything has been written");
        await http.Daemon.Kill();

        await StoreTool.IsSound(_folder["data/history.db"]);
        await using HttpDaemon next = await HttpDaemon.Start(folder: _folder);
        (await next.Client.Job(running)).Text("state").Should().Be("succeeded", "its end was written when there was room again");
        (await next.Client.GetStringAsync($"/v1/jobs/{running}/stdout")).Should().Be("done\n");
        (await next.Client.GetStringAsync("/v1/jobs?q=meanwhile")).Should().Contain("\"state\":\"succeeded\"");
    }

    [Fact]
    public async Task Row_18_a_job_whose_output_finds_no_room_ends_for_that_reason_and_its_reply_is_well_formed()
    {
        Directory.CreateDirectory(_folder["data"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using SmallDisk disk = await SmallDisk.Mount(_folder["data/spool"], "1m,mode=700");
        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        await HealthProbe.While(http.Daemon, async () =>
        {
            const int Much = 8 * 1024 * 1024;
            Reply reply = await http.Daemon.Run($"head -c {Much} /dev/zero");
            reply.Status.Should().NotBe(0, "the job has not had its way");
            reply.Stdout.Length.Should().BeLessThan(Much);

            System.Text.Json.JsonElement job = await http.Client.SubmitToEnd($"head -c {Much} /dev/zero; echo never >&2; sleep 1000");
            (job.Text("state"), job.Text("reason")).Should().Be(("failed", "outputlimit"));
            job.Long("stdoutBytes").Should().BeGreaterThan(0);

            (await http.Daemon.Run("echo small")).Text.Should().Be("small\n", "what fits in memory needs no room");
            long space = new DriveInfo(_folder["data/spool"]).AvailableFreeSpace;
            space.Should().BeGreaterThan(500_000, "the files of jobs that are over are gone");
        });
    }
}
