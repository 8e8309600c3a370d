using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Submitting once, again, and waiting for the end.</summary>
public sealed class SubmissionSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task Row_124_Fifty_submissions_at_once_under_one_key_make_one_job()
    {
        string key = Guid.NewGuid().ToString();
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Submit(key, "sleep 0.2")));
        JsonElement[] jobs = await Task.WhenAll(responses.Select(response => response.Body()));
        jobs.Select(job => job.Long("id")).Distinct().Should().ContainSingle();
        responses.Count(response => !response.Headers.Contains("Idempotency-Replayed")).Should().Be(1, "one submission made the job");
        (await _client.Ended(jobs[0].Long("id"))).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task The_same_key_for_something_else_is_refused()
    {
        string key = Guid.NewGuid().ToString();
        (await Submit(key, "exit 0")).StatusCode.Should().Be(HttpStatusCode.Accepted);
        using HttpResponseMessage other = await Submit(key, "exit 1");
        ((int)other.StatusCode, await other.Code()).Should().Be((422, "keyreused"));
    }

    [Fact]
    public async Task A_key_of_the_Unix_sockets_user_is_none_of_the_tokens()
    {
        string key = Guid.NewGuid().ToString();
        long one = (await (await Submit(key, "exit 0")).Body()).Long("id");
        using HttpClient tcp = shared.Http.Tcp(shared.Http.Token);
        using HttpResponseMessage other = await tcp.SendAsync(Request(key, "exit 0"));
        (await other.Body()).Long("id").Should().NotBe(one);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_key_that_is_no_word_is_refused(string key)
    {
        using HttpResponseMessage response = await Submit(key, "exit 0");
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    [Fact]
    public async Task A_job_that_ends_within_the_wait_is_the_answer()
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/jobs?wait=60", Requests.Json(Requests.Shell("exit 3")));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonElement job = await response.Body();
        (job.Text("state"), job.Long("exitCode")).Should().Be(("failed", 3L));
        response.Headers.ETag!.Tag.Should().Be($"\"{job.Long("version")}\"");
    }

    [Fact]
    public async Task A_job_that_does_not_is_accepted_and_can_be_polled()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = Requests.Json(Requests.Shell("sleep 600")) };
        request.Headers.Add("Prefer", "respond-async, wait=1");
        using HttpResponseMessage response = await _client.SendAsync(request);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        response.Header("Preference-Applied").Should().Be("wait=1");
        response.Headers.RetryAfter.Should().NotBeNull();
        using HttpResponseMessage job = await _client.GetAsync(response.Headers.Location);
        long id = (await job.Body()).Long("id");
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
    }

    [Fact]
    public async Task What_was_submitted_is_what_the_job_says_and_does()
    {
        JsonElement job = await _client.SubmitToEnd(
            "cat; pwd; echo $A",
            $$"""
            "name":"n","labels":{"team":"web"},"env":{"A":"b c"},"cwd":"/","stdin":"{{Convert.ToBase64String("in\n"u8)}}","priority":7,"queue":"other"
            """);
        (job.Text("name"), job.Text("queue"), job.Long("priority"), job.Text("stdinMode"), job.Long("stdinBytes"))
            .Should().Be(("n", "other", 7L, "inline", 3L));
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout")).Should().Be("in\n/\nb c\n");
    }

    [Fact]
    public async Task A_job_that_cannot_be_started_has_failed_and_says_why()
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/jobs?wait=60", Requests.Json("""{"kind":"argv","argv":["/no/such/program"]}"""));
        JsonElement job = await response.Body();
        (job.Text("state"), job.Text("reason")).Should().Be(("failed", "spawn"));
        job.Text("detail").Should().Contain("/no/such/program");
    }

    [Fact]
    public async Task A_list_is_paged_newest_first_while_jobs_arrive()
    {
        string label = "l" + Guid.NewGuid().ToString("N");
        var ids = new List<long>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add((await _client.SubmitToEnd("exit 0", $$"""
                "labels":{"{{label}}":"{{i}}"}
                """)).Long("id"));
        }

        var seen = new List<long>();
        string? next = $"/v1/jobs?label={label}&limit=2";
        while (next is not null)
        {
            using HttpResponseMessage page = await _client.GetAsync(next);
            seen.AddRange((await page.Body()).GetProperty("items").EnumerateArray().Select(job => job.Long("id")));
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
            await _client.Submit("exit 0", $$"""
                "labels":{"{{label}}":"later"}
                """);
        }

        seen.Should().Equal(((IEnumerable<long>)ids).Reverse());
        using HttpResponseMessage one = await _client.GetAsync($"/v1/jobs?label={label}%3D3&state=succeeded,failed&kind=shell&origin=http&q=exit");
        (await one.Body()).GetProperty("items").EnumerateArray().Select(job => job.Long("id")).Should().Equal(ids[3]);
    }

    private Task<HttpResponseMessage> Submit(string key, string command) => _client.SendAsync(Request(key, command));

    private static HttpRequestMessage Request(string key, string command)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = Requests.Json(Requests.Shell(command)) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return request;
    }
}
