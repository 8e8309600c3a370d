using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Queues over HTTP: what is said of them holds at once and after a restart.</summary>
public sealed class QueueSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_paused_queue_takes_jobs_and_starts_none_until_it_is_resumed()
    {
        await Put("paused", """{"paused":true}""");
        long id = await _client.Submit("true", "\"queue\":\"paused\"");

        (await Queue("paused")).GetProperty("waiting").GetInt32().Should().Be(1);
        (await _client.Job(id)).Text("state").Should().Be("queued");

        (await Act("paused", "resume")).GetProperty("paused").GetBoolean().Should().BeFalse();
        (await _client.Ended(id)).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task A_queue_that_is_drained_takes_no_more_and_runs_what_it_has()
    {
        await Put("drained", """{"paused":true}""");
        long id = await _client.Submit("true", "\"queue\":\"drained\"");
        await Act("drained", "drain");

        using HttpResponseMessage refused = await _client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", "\"queue\":\"drained\"")));
        ((int)refused.StatusCode, await refused.Code()).Should().Be((409, "draining"));

        await Act("drained", "resume");
        await Act("drained", "drain");
        (await _client.Ended(id)).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task A_purge_cancels_what_waits_and_nothing_else()
    {
        await Put("purged", """{"concurrency":1}""");
        long running = await _client.SubmitRunning("sleep 600", "\"queue\":\"purged\"");
        long[] waiting =
        [
            await _client.Submit("true", "\"queue\":\"purged\""),
            await _client.Submit("true", "\"queue\":\"purged\",\"notBefore\":\"2999-01-01T00:00:00Z\""),
            await _client.Submit("true", $"\"queue\":\"purged\",\"after\":[{running}]"),
        ];
        (await Queue("purged")).GetRawText().Should().Contain("\"waiting\":1,\"running\":1,\"scheduled\":2");

        (await Act("purged", "purge")).GetProperty("canceled").GetInt32().Should().Be(3);

        foreach (long id in waiting)
        {
            (await _client.Job(id)).Text("state").Should().Be("canceled");
        }

        (await _client.Job(running)).Text("state").Should().Be("running");
        (await _client.PostAsync($"/v1/jobs/{running}/cancel", content: null)).Dispose();
    }

    [Fact]
    public async Task A_higher_concurrency_starts_more_at_once()
    {
        await Put("wider", """{"concurrency":1}""");
        await _client.SubmitRunning("sleep 600", "\"queue\":\"wider\"");
        long second = await _client.Submit("sleep 600", "\"queue\":\"wider\"");
        (await _client.Job(second)).Text("state").Should().Be("queued");

        await Put("wider", """{"concurrency":2}""");

        await Eventually.Holds(async () => (await _client.Job(second)).Text("state") == "running", "it has a place now");
    }

    [Fact]
    public async Task A_job_can_be_moved_to_another_queue_and_in_front_of_others()
    {
        await Put("from", """{"paused":true}""");
        await Put("to", """{"paused":true}""");
        long id = await _client.Submit("true", "\"queue\":\"from\",\"labels\":{\"a\":\"1\"}");
        using HttpResponseMessage before = await _client.GetAsync($"/v1/jobs/{id}");

        var patch = new HttpRequestMessage(HttpMethod.Patch, $"/v1/jobs/{id}")
        {
            Content = Requests.Json("""{"queue":"to","priority":7,"labels":{"b":"2"}}"""),
        };
        patch.Headers.IfMatch.Add(before.Headers.ETag!);
        using HttpResponseMessage patched = await _client.SendAsync(patch);

        patched.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonElement job = await patched.Body();
        (job.Text("queue"), job.GetProperty("priority").GetInt32(), job.GetProperty("labels").GetRawText()).Should().Be(("to", 7, """{"b":"2"}"""));
        patched.Headers.ETag.Should().NotBe(before.Headers.ETag);
        (await Queue("to")).GetProperty("waiting").GetInt32().Should().Be(1);
        (await _client.GetStringAsync("/v1/jobs?label=a")).Should().NotContain($"\"id\":{id},");
        (await _client.GetStringAsync("/v1/jobs?label=b")).Should().Contain($"\"id\":{id},");
        await Act("to", "resume");
        (await _client.Ended(id)).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task A_submission_that_skips_is_told_the_job_that_is_there()
    {
        long there = await _client.Submit("true", "\"key\":\"one\",\"notBefore\":\"2999-01-01T00:00:00Z\"");

        using HttpResponseMessage refused = await _client.PostAsync(
            "/v1/jobs", Requests.Json(Requests.Shell("true", "\"key\":\"one\",\"keyPolicy\":\"skip\"")));

        JsonElement problem = await refused.Body();
        (problem.Text("code"), problem.Long("jobId")).Should().Be(("key", there));
    }

    [Fact]
    public async Task A_rerun_does_the_same_again_and_names_its_parent()
    {
        long parent = (await _client.SubmitToEnd("echo again; exit 3", "\"labels\":{\"a\":\"b\"},\"priority\":3")).Long("id");

        using HttpResponseMessage answer = await _client.PostAsync($"/v1/jobs/{parent}/rerun", content: null);

        JsonElement rerun = await _client.Ended((await answer.Body()).Long("id"));
        (rerun.Long("parentId"), rerun.GetProperty("exitCode").GetInt32(), rerun.GetProperty("priority").GetInt32()).Should().Be((parent, 3, 3));
        (await _client.GetStringAsync($"/v1/jobs/{rerun.Long("id")}/stdout")).Should().Be("again\n");
    }

    [Fact]
    public async Task A_job_is_tried_again_until_it_succeeds_and_all_it_wrote_is_there()
    {
        string counter = shared.Http.Daemon.Folder[$"counter-{Guid.NewGuid():N}"];
        JsonElement job = await _client.SubmitToEnd(
            $"echo x >> {counter}; n=$(wc -l < {counter}); echo attempt $n; [ $n = 3 ]", "\"maxAttempts\":5,\"retryBackoffSeconds\":0.01");

        (job.Text("state"), job.GetProperty("attempt").GetInt32()).Should().Be(("succeeded", 3));
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout")).Should().Be("attempt 1\nattempt 2\nattempt 3\n");
        job.Long("attemptStdoutOffset").Should().Be("attempt 1\nattempt 2\n".Length);
    }

    [Fact]
    public async Task What_was_said_of_a_queue_and_what_waits_in_it_is_there_after_a_restart()
    {
        using var folder = new TempFolder();
        long dependent;
        await using (HttpDaemon first = await HttpDaemon.Start(folder: folder))
        {
            (await first.Client.PutAsync("/v1/queues/kept", Requests.Json("""{"concurrency":3,"paused":true}"""))).Dispose();
            long id = await first.Client.Submit("true", "\"queue\":\"kept\"");
            dependent = await first.Client.Submit("true", $"\"after\":[{id}]");
            (await first.Daemon.Stop()).Should().Be(0);
        }

        await using HttpDaemon again = await HttpDaemon.Start(folder: folder);
        (await again.Client.GetStringAsync("/v1/queues/kept")).Should()
            .Be("""{"name":"kept","concurrency":3,"paused":true,"draining":false,"waiting":1,"running":0,"scheduled":0}""");
        (await again.Client.PostAsync("/v1/queues/kept/resume", content: null)).Dispose();
        (await again.Client.Ended(dependent)).Text("state").Should().Be("succeeded");
    }

    private async Task Put(string name, string body)
    {
        using HttpResponseMessage put = await _client.PutAsync($"/v1/queues/{name}", Requests.Json(body));
        put.IsSuccessStatusCode.Should().BeTrue(await put.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> Queue(string name)
    {
        using HttpResponseMessage queue = await _client.GetAsync($"/v1/queues/{name}");
        return await queue.Body();
    }

    private async Task<JsonElement> Act(string name, string verb)
    {
        using HttpResponseMessage done = await _client.PostAsync($"/v1/queues/{name}/{verb}", content: null);
        done.StatusCode.Should().Be(HttpStatusCode.OK);
        return await done.Body();
    }
}
