using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>One thing done to many jobs.</summary>
public sealed class BulkSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private const string Later = "\"notBefore\":\"2999-01-01T00:00:00Z\"";

    private readonly HttpClient _client = shared.Http.Client;
    private readonly string _label = "l" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Jobs_that_a_filter_finds_are_cancelled_and_others_are_not()
    {
        long one = await Waiting(), two = await Waiting(), other = await _client.Submit("true", Later);

        JsonElement dry = await Bulk($$$"""{"action":"cancel","filter":{"label":["{{{_label}}}"]},"dryRun":true}""");
        (dry.Long("matched"), dry.Long("done")).Should().Be((2L, 0L));
        Ids(dry, "jobIds").Should().Equal(two, one);
        (await _client.Job(one)).Text("state").Should().Be("scheduled");

        JsonElement done = await Bulk($$$"""{"action":"cancel","filter":{"label":["{{{_label}}}"]}}""");
        (done.Long("matched"), done.Long("done")).Should().Be((2L, 2L));
        foreach (long id in (long[])[one, two])
        {
            (await _client.Job(id)).Text("state").Should().Be("canceled");
        }

        (await _client.Job(other)).Text("state").Should().Be("scheduled");
        (await Bulk($$$"""{"action":"cancel","filter":{"label":["{{{_label}}}"]}}""")).Long("matched").Should().Be(0L, "none is left that could be cancelled");
    }

    [Fact]
    public async Task What_cannot_be_done_to_one_holds_up_no_other()
    {
        long ended = (await _client.SubmitToEnd("true")).Long("id");
        long waiting = await Waiting();

        JsonElement result = await Bulk($$$"""{"action":"delete","ids":[{{{ended}}},{{{waiting}}},9000000]}""");

        Ids(result, "jobIds").Should().Equal(ended);
        result.GetProperty("failed").EnumerateArray().Select(failure => (failure.Long("id"), failure.Text("code"))).Should()
            .Equal((waiting, "running"), (9000000L, "notfound"));
        using HttpResponseMessage gone = await _client.GetAsync($"/v1/jobs/{ended}");
        gone.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Jobs_are_moved_to_another_queue_while_they_wait()
    {
        long waiting = await Waiting();
        long ended = (await _client.SubmitToEnd("true")).Long("id");

        JsonElement result = await Bulk($$$"""{"action":"move","ids":[{{{waiting}}},{{{ended}}}],"queue":"elsewhere"}""");

        Ids(result, "jobIds").Should().Equal(waiting);
        result.GetProperty("failed")[0].Text("code").Should().Be("notqueued");
        (await _client.Job(waiting)).Text("queue").Should().Be("elsewhere");
    }

    [Fact]
    public async Task Jobs_are_run_again()
    {
        long one = (await _client.SubmitToEnd("echo one")).Long("id"), two = (await _client.SubmitToEnd("echo two")).Long("id");

        JsonElement result = await Bulk($$$"""{"action":"rerun","ids":[{{{one}}},{{{two}}}]}""");

        long[] made = Ids(result, "newJobIds");
        Ids(result, "jobIds").Should().Equal(one, two);
        await _client.Ended(made[1]);
        (await _client.Job(made[1])).Long("parentId").Should().Be(two);
        (await _client.GetStringAsync($"/v1/jobs/{made[1]}/stdout")).Should().Be("two\n");
    }

    [Fact]
    public async Task More_than_a_thousand_are_done_in_several_requests()
    {
        string item = $$$"""{"command":"true",{{{Later}}},"labels":{"{{{_label}}}":""}}""";
        foreach (int count in (int[])[1000, 200])
        {
            using HttpResponseMessage batch = await _client.PostAsync(
                "/v1/batches", Requests.Json($$$"""{"items":[{{{string.Join(',', Enumerable.Repeat(item, count))}}}]}"""));
            batch.StatusCode.Should().Be(HttpStatusCode.Accepted);
        }

        JsonElement first = await Bulk($$$"""{"action":"cancel","filter":{"label":["{{{_label}}}"]}}""");
        (first.Long("done"), first.GetProperty("nextCursor").ValueKind).Should().Be((1000L, JsonValueKind.String));
        JsonElement second = await Bulk($$$"""{"action":"cancel","filter":{"label":["{{{_label}}}"]},"cursor":"{{{first.Text("nextCursor")}}}"}""");
        (second.Long("done"), second.GetProperty("nextCursor").ValueKind).Should().Be((200L, JsonValueKind.Null));
        JsonElement removed = await Bulk($$$"""{"action":"delete","filter":{"label":["{{{_label}}}"]}}""");
        removed.Long("done").Should().Be(1000L);
    }

    [Theory]
    [InlineData("""{"action":"cancel"}""", "")]
    [InlineData("""{"action":"cancel","ids":[1],"all":true}""", "")]
    [InlineData("""{"action":"cancel","filter":{}}""", "/filter")]
    [InlineData("""{"action":"cancel","all":false}""", "/all")]
    [InlineData("""{"action":"explode","ids":[1]}""", "/action")]
    [InlineData("""{"action":"move","ids":[1]}""", "/queue")]
    [InlineData("""{"action":"cancel","ids":[1],"queue":"q"}""", "/queue")]
    [InlineData("""{"action":"cancel","ids":[]}""", "/ids")]
    [InlineData("""{"action":"cancel","ids":[0]}""", "/ids/0")]
    [InlineData("""{"action":"cancel","filter":{"state":["asleep"]}}""", "/filter/state/0")]
    [InlineData("""{"action":"cancel","filter":{"createdAfter":"today"}}""", "/filter/createdAfter")]
    [InlineData("""{"action":"cancel","ids":[1],"cursor":"x"}""", "/cursor")]
    public async Task A_request_that_asks_for_what_cannot_be_is_told_where(string body, string pointer)
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/jobs/bulk", Requests.Json(body));

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await response.Body()).GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Should().Equal(pointer);
    }

    private Task<long> Waiting() => _client.Submit("true", $"{Later},\"labels\":{{\"{_label}\":\"\"}}");

    private async Task<JsonElement> Bulk(string body)
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/jobs/bulk", Requests.Json(body));
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Body();
    }

    private static long[] Ids(JsonElement result, string name) => [.. result.GetProperty(name).EnumerateArray().Select(id => id.GetInt64())];
}
