using System.Globalization;
using System.Net;

namespace Kuid.Http.Tests;

/// <summary>Row 104: as many jobs wait as may.</summary>
public sealed class BacklogSpecs
{
    [Fact]
    public async Task Row_104_when_as_many_jobs_wait_as_may_each_way_to_submit_another_is_told_to_come_back()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--backlog", "1"]);
        HttpClient client = daemon.Client;
        long ended = (await client.SubmitToEnd("true")).Long("id");
        (await client.PutAsync("/v1/schedules/s", Requests.Json("""{"everySeconds":86400,"job":{"command":"true"}}"""))).IsSuccessStatusCode.Should().BeTrue();
        (await client.PostAsync("/v1/queues/default/pause", content: null)).IsSuccessStatusCode.Should().BeTrue();
        (await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")))).StatusCode.Should().Be(HttpStatusCode.Accepted);

        await IsRefused(() => client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true"))));
        await IsRefused(() => client.PostAsync("/v1/batches", Requests.Json($$"""{"items":[{{Requests.Shell("true")}}]}""")));
        await IsRefused(() => client.PostAsync($"/v1/jobs/{ended.ToString(CultureInfo.InvariantCulture)}/rerun", content: null));
        await IsRefused(() => client.PostAsync("/v1/schedules/s/trigger", content: null));
        (await client.PostAsync("/v1/exec", Requests.Json(Requests.Shell("true")))).StatusCode.Should().Be(HttpStatusCode.OK, "a full queue is in nobody's way who waits at the door");

        using SockprocClient busy = await daemon.Daemon.Connect();
        await busy.Send(SockprocClient.Request("touch begun; sleep 1000"));
        await Eventually.Holds(() => File.Exists(daemon.Daemon.Folder["begun"]), "it runs");
        await IsRefused(() => client.PostAsync("/v1/exec", Requests.Json(Requests.Shell("true"))));
        Reply reply = await daemon.Daemon.Run("touch ran");
        (reply.Status, reply.Error).Should().Be((-1, "kuid-jobd: 1 jobs wait or run already, which is the most, try again later; nothing was run"));
        File.Exists(daemon.Daemon.Folder["ran"]).Should().BeFalse();
    }

    [Fact]
    public Task Row_104_twenty_thousand_submissions_fill_the_queue_and_not_the_memory() => Flood(20_000);

    [Fact]
    [Trait("Length", "Soak")]
    public Task Row_104_a_million_submissions_fill_the_queue_and_not_the_memory()
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        return Flood(1_000_000);
    }

    private static async Task Flood(int submissions)
    {
        const int Places = 500;
        const int AtOnce = 16;
        await using HttpDaemon daemon = await HttpDaemon.Start(["--backlog", Places.ToString(CultureInfo.InvariantCulture)]);
        (await daemon.Client.PostAsync("/v1/queues/default/pause", content: null)).IsSuccessStatusCode.Should().BeTrue();
        using HttpClient plain = HttpDaemon.PlainClientOf(daemon.SocketPath);
        for (int warm = 0; warm < 1000; warm++)
        {
            (await plain.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")))).Dispose();
        }

        long before = ProcessTable.ResidentBytes(daemon.Daemon.Pid);
        int accepted = 0, refused = 0, left = submissions;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using HttpResponseMessage answer = await plain.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));
                Interlocked.Increment(ref answer.StatusCode == HttpStatusCode.Accepted ? ref accepted : ref refused);
                (answer.StatusCode == HttpStatusCode.Accepted || (answer.StatusCode == HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter is not null))
                    .Should().BeTrue("it is taken or told to come back, not {0}", answer.StatusCode);
            }
        }));

        accepted.Should().Be(0, "the queue is full, and paused");
        refused.Should().Be(submissions);
        (ProcessTable.ResidentBytes(daemon.Daemon.Pid) - before).Should().BeLessThan(100_000_000, "nothing of what is refused is kept");
        (await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    private static async Task IsRefused(Func<Task<HttpResponseMessage>> ask)
    {
        using HttpResponseMessage refused = await ask();
        ((int)refused.StatusCode, await refused.Code(), refused.Headers.RetryAfter?.Delta).Should().Be((429, "busy", TimeSpan.FromSeconds(1)));
    }
}
