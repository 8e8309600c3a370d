using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Jobs that are submitted together.</summary>
public sealed class BatchSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_batch_is_taken_waited_for_and_counted()
    {
        JsonElement batch = await Submit("""{"name":"n","items":[{"command":"exit 0"},{"command":"exit 3"},{"argv":["/bin/true"]}]}""");
        JsonElement ended = await Ended(batch.Long("id"));

        (ended.Text("name"), ended.Text("state"), ended.GetProperty("finishedAt").ValueKind).Should().Be(("n", "failed", JsonValueKind.String));
        Counts(ended).Should().Be("succeeded 2, failed 1");
        long[] ids = Ids(ended);
        ids.Should().BeInAscendingOrder().And.HaveCount(3);
        JsonElement job = await _client.Job(ids[1]);
        (job.Long("batchId"), job.Long("exitCode")).Should().Be((batch.Long("id"), 3L));
    }

    [Fact]
    public async Task One_item_that_cannot_be_run_keeps_all_out_and_every_reason_is_told()
    {
        using HttpResponseMessage response = await Post("""{"items":[{"command":"true"},{"command":""},{"argv":[]},{"command":"x","afterItems":[3]}]}""");
        JsonElement problem = await response.Body();

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Should()
            .Equal("/items/1/command", "/items/2/argv", "/items/3/afterItems/0");
    }

    [Fact]
    public async Task Without_atomic_the_others_are_taken_and_what_comes_after_a_rejected_one_is_not()
    {
        JsonElement batch = await Submit("""{"atomic":false,"items":[{"command":"true"},{"command":""},{"command":"true","afterItems":[1]},{"command":"true","afterItems":[0]}]}""");

        Ids(batch).Should().HaveCount(2);
        batch.GetProperty("rejected").EnumerateArray().Select(item => (item.Long("index"), item.GetProperty("errors")[0].Text("pointer"))).Should()
            .Equal((1L, "/items/1/command"), (2L, "/items/2/afterItems/0"));
        (await Ended(batch.Long("id"))).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task An_item_comes_after_others_by_their_places()
    {
        string folder = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        Directory.CreateDirectory(folder);
        JsonElement batch = await Submit(
            $$"""{"items":[{"command":"touch '{{folder}}/a'"},{"command":"touch '{{folder}}/b'"},{"command":"ls '{{folder}}'","afterItems":[0,1]}]}""");

        (await Ended(batch.Long("id"))).Text("state").Should().Be("succeeded");
        long[] ids = Ids(batch);
        (await _client.GetStringAsync($"/v1/jobs/{ids[2]}/stdout")).Should().Be("a\nb\n");
        (await _client.Job(ids[2])).GetProperty("after").EnumerateArray().Select(id => id.GetInt64()).Should().Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task No_more_of_a_batch_run_at_once_than_it_says()
    {
        // Each takes a number while it runs: a third one at the same time would find both taken.
        string folder = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        Directory.CreateDirectory(folder);
        string command = $"mkdir '{folder}/1' 2>/dev/null && mine=1 || {{ mkdir '{folder}/2' 2>/dev/null && mine=2; }} || exit 9; sleep 0.05; rmdir '{folder}/'$mine";
        string items = string.Join(',', Enumerable.Repeat($$"""{"command":{{JsonSerializer.Serialize(command)}}}""", 20));

        JsonElement ended = await Ended((await Submit($$"""{"maxParallel":2,"items":[{{items}}]}""")).Long("id"));

        Counts(ended).Should().Be("succeeded 20");
    }

    [Fact]
    public async Task The_first_failure_stops_those_that_have_not_started()
    {
        JsonElement batch = await Submit("""{"maxParallel":1,"stopOnFailure":true,"items":[{"command":"exit 0"},{"command":"exit 3"},{"command":"exit 0"},{"command":"exit 0"}]}""");
        JsonElement ended = await Ended(batch.Long("id"));

        (ended.Text("state"), Counts(ended)).Should().Be(("failed", "succeeded 1, failed 1, canceled 2"));
        JsonElement third = await _client.Job(Ids(ended)[2]);
        (third.Text("state"), third.Text("detail")).Should().Be(("canceled", $"job {Ids(ended)[1]} of its batch failed"));
        await Eventually.Holds(async () => (await Get(batch.Long("id"))).GetProperty("stopped").GetBoolean(), "it is noted that the batch is stopped");
    }

    [Fact]
    public async Task A_batch_is_cancelled_whole_and_again()
    {
        JsonElement batch = await Submit("""{"maxParallel":1,"items":[{"command":"sleep 600"},{"command":"exit 0"},{"command":"exit 0"}]}""");
        using HttpResponseMessage canceled = await _client.PostAsync($"/v1/batches/{batch.Long("id")}/cancel", content: null);
        canceled.StatusCode.Should().Be(HttpStatusCode.OK);

        JsonElement ended = await Ended(batch.Long("id"));
        (ended.Text("state"), Counts(ended)).Should().Be(("canceled", "canceled 3"));
        using HttpResponseMessage again = await _client.PostAsync($"/v1/batches/{batch.Long("id")}/cancel", content: null);
        (await again.Body()).Text("state").Should().Be("canceled");
    }

    [Fact]
    public async Task Twenty_submissions_at_once_under_one_key_make_one_batch()
    {
        string key = Guid.NewGuid().ToString();
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post("""{"items":[{"command":"true"},{"command":"true"}]}""", key)));
        JsonElement[] batches = await Task.WhenAll(responses.Select(response => response.Body()));

        batches.Select(batch => batch.Long("id")).Distinct().Should().ContainSingle();
        batches.SelectMany(Ids).Distinct().Should().HaveCount(2);
        responses.Count(response => !response.Headers.Contains("Idempotency-Replayed")).Should().Be(1);
        using HttpResponseMessage other = await Post("""{"items":[{"command":"false"}]}""", key);
        ((int)other.StatusCode, await other.Code()).Should().Be((422, "keyreused"));
    }

    [Fact]
    public async Task A_batch_goes_with_the_last_of_its_jobs_and_its_number_is_not_given_again()
    {
        JsonElement batch = await Submit("""{"items":[{"command":"true"},{"command":"true"}]}""");
        long[] ids = Ids(await Ended(batch.Long("id")));
        (await _client.DeleteAsync($"/v1/jobs/{ids[0]}")).Dispose();
        Ids(await Get(batch.Long("id"))).Should().Equal(ids[1]);
        (await _client.DeleteAsync($"/v1/jobs/{ids[1]}")).Dispose();

        using HttpResponseMessage gone = await _client.GetAsync($"/v1/batches/{batch.Long("id")}");
        gone.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Submit("""{"items":[{"command":"true"}]}""")).Long("id").Should().BeGreaterThan(batch.Long("id"));
    }

    [Fact]
    public async Task A_list_of_batches_is_paged_newest_first_with_counts()
    {
        long one = (await Submit("""{"items":[{"command":"true"}]}""")).Long("id");
        long two = (await Submit("""{"items":[{"command":"true"},{"command":"exit 1"}]}""")).Long("id");
        await Ended(one);
        await Ended(two);

        var seen = new List<JsonElement>();
        string? next = "/v1/batches?limit=1";
        while (next is not null && seen.All(batch => batch.Long("id") > one))
        {
            using HttpResponseMessage page = await _client.GetAsync(next);
            seen.AddRange((await page.Body()).GetProperty("items").EnumerateArray());
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
        }

        seen.Select(batch => batch.Long("id")).Should().BeInDescendingOrder().And.Contain([one, two]);
        Counts(seen.Single(batch => batch.Long("id") == two)).Should().Be("succeeded 1, failed 1");
    }

    [Fact]
    public async Task A_batch_of_a_thousand_is_taken_and_one_more_is_too_many()
    {
        string Of(int count) => $$"""{"items":[{{string.Join(',', Enumerable.Repeat("{\"command\":\"true\",\"queue\":\"thousand\",\"notBefore\":\"2999-01-01T00:00:00Z\"}", count))}}]}""";

        JsonElement batch = await Submit(Of(1000));
        Counts(batch).Should().Be("scheduled 1000");
        using HttpResponseMessage more = await Post(Of(1001));
        ((int)more.StatusCode, await more.Code()).Should().Be((422, "invalid"));
        using HttpResponseMessage canceled = await _client.PostAsync($"/v1/batches/{batch.Long("id")}/cancel", content: null);
        Counts(await canceled.Body()).Should().Be("canceled 1000");
    }

    private async Task<HttpResponseMessage> Post(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batches") { Content = Requests.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _client.SendAsync(request);
    }

    private async Task<JsonElement> Submit(string body)
    {
        using HttpResponseMessage response = await Post(body);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return await response.Body();
    }

    private async Task<JsonElement> Get(long id, string query = "")
    {
        using HttpResponseMessage response = await _client.GetAsync($"/v1/batches/{id}{query}");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Body();
    }

    private async Task<JsonElement> Ended(long id)
    {
        JsonElement batch;
        do
        {
            batch = await Get(id, "?wait=60");
        }
        while (batch.Text("state") == "running");

        return batch;
    }

    private static long[] Ids(JsonElement batch) => [.. batch.GetProperty("jobIds").EnumerateArray().Select(id => id.GetInt64())];

    private static string Counts(JsonElement batch) => string.Join(", ", batch.GetProperty("counts").EnumerateObject()
        .Where(count => count.Value.GetInt32() > 0).Select(count => $"{count.Name} {count.Value}"));
}
