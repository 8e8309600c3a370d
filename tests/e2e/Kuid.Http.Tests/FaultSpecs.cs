using System.Net;

namespace Kuid.Http.Tests;

/// <summary>The answers that need a history in trouble: no room for a job, no output left to read.</summary>
public sealed class FaultSpecs
{
    // The data folder is a file system of two megabytes which only the daemon and its jobs see; the HTTP socket is outside it.
    private static readonly string[] SmallDisk =
    [
        "unshare", "--mount", "sh", "-c",
        "mkdir -m 700 \"$5\" && mount -t tmpfs -o size=2m,mode=700 tmpfs \"$5\" && exec \"$@\"", "sh",
    ];

    [Fact]
    public async Task A_job_that_there_is_no_room_for_is_refused_and_readiness_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        Assert.SkipUnless((await ToolRun.Of("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])).ExitCode == 0, "mounts are not allowed here");
        using var folder = new TempFolder();
        string socket = folder["http"];
        await using TestDaemon daemon = await TestDaemon.Start(["--http-socket", socket], wrapper: SmallDisk);
        using HttpClient client = HttpDaemon.ClientOf(socket);
        string data = daemon.Folder["data"];
        long early = (await client.SubmitToEnd("true")).Long("id");
        (await client.PutAsync("/v1/hosts/old", Requests.Json("""{"address":"unix:/s"}"""))).StatusCode.Should().Be(HttpStatusCode.Created);
        await ScheduleWrites.PrepareAsync(client);
        (await client.PutAsync("/v1/queues/old", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.Created);
        (await client.PostAsync("/v1/exec", Requests.Json(Requests.Shell($"cat /dev/zero > {data}/fill")))).Dispose();

        HttpResponseMessage refused = null!;
        await Eventually.Holds(
            async () =>
            {
                refused = await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("exit 0 #" + new string('x', 100_000))));
                return refused.StatusCode != HttpStatusCode.Accepted;
            },
            "the disk is full");
        ((int)refused.StatusCode, await refused.Code()).Should().Be((507, "full"));
        using HttpResponseMessage kept = await client.DeleteAsync($"/v1/jobs/{early}");
        ((int)kept.StatusCode, await kept.Code()).Should().Be((507, "full"), "to forget a job needs a page of the log too");
        (await client.PutAsync("/v1/hosts/new", Requests.Json("""{"address":"unix:/s"}"""))).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        (await client.DeleteAsync("/v1/hosts/old")).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        await ScheduleWrites.AreRefusedAsync(client, HttpStatusCode.InsufficientStorage);
        string large = Requests.Shell("exit 0 #" + new string('x', 100_000));
        (await client.PostAsync("/v1/batches", Requests.Json($$"""{"items":[{{large}}]}"""))).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        (await client.PutAsync("/v1/queues/new", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        (await client.DeleteAsync("/v1/queues/old")).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        foreach (string verb in new[] { "pause", "drain", "resume" })
        {
            (await client.PostAsync($"/v1/queues/old/{verb}", content: null)).StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
        }

        (await client.Job(early)).Text("state").Should().Be("succeeded");
        using HttpResponseMessage readiness = await client.GetAsync("/readyz");
        readiness.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);

        (await client.PostAsync("/v1/exec", Requests.Json(Requests.Shell($"rm {data}/fill")))).Dispose();
        await Eventually.Holds(
            async () => (await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("exit 0")))).StatusCode == HttpStatusCode.Accepted,
            "jobs are taken again");
        (await client.DeleteAsync($"/v1/jobs/{early}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Output_that_was_removed_is_gone_and_its_job_is_not()
    {
        using var folder = new TempFolder();
        long id, pipeline;
        await using (TestDaemon first = await TestDaemon.Start(folder: folder))
        {
            using HttpClient before = HttpDaemon.ClientOf(folder["data/http.sock"]);
            id = (await before.SubmitToEnd("echo out; echo err >&2")).Long("id");
            pipeline = (await before.PipelineToEnd("echo out")).Long("id");
            await first.Stop();
        }

        await using TestDaemon second = await TestDaemon.Start(["--history-output-total-bytes", "0"], folder: folder);
        using HttpClient client = HttpDaemon.ClientOf(folder["data/http.sock"]);
        await Eventually.Holds(async () => (await client.Job(id)).GetProperty("outputPruned").GetBoolean(), "the output has been removed");
        await Eventually.Holds(async () => (await client.Job(pipeline)).GetProperty("outputPruned").GetBoolean(), "the result has been removed");
        foreach (string path in (string[])[$"{id}/stdout", $"{id}/stderr", $"{id}/output", $"{pipeline}/result", $"{pipeline}/rows"])
        {
            using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{path}");
            ((int)response.StatusCode, await response.Code()).Should().Be((410, "pruned"));
        }
    }
}
