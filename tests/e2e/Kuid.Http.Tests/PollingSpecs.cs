using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Looking at a job, waiting for it, and acting on it.</summary>
public sealed class PollingSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_version_that_is_known_is_not_sent_again()
    {
        long id = (await _client.SubmitToEnd("exit 0")).Long("id");
        using HttpResponseMessage first = await _client.GetAsync($"/v1/jobs/{id}");
        using HttpResponseMessage again = await GetIfNot(id, first.Headers.ETag!.Tag);
        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        again.Headers.ETag.Should().Be(first.Headers.ETag);
        using HttpResponseMessage older = await GetIfNot(id, "\"999\"");
        older.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_a_known_version_the_wait_ends_at_the_next_change()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage running = await _client.GetAsync($"/v1/jobs/{id}");
        Task<HttpResponseMessage> change = GetIfNot(id, running.Headers.ETag!.Tag, wait: "60");
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        using HttpResponseMessage changed = await change;
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        (await changed.Body()).Text("state").Should().BeOneOf("canceling", "canceled");
    }

    [Fact]
    public async Task A_wait_that_is_over_shows_the_job_as_it_is()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/{id}?wait=0.1");
        (await response.Body()).Text("state").Should().Be("running");
        using HttpResponseMessage known = await GetIfNot(id, response.Headers.ETag!.Tag, wait: "0.1");
        known.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
    }

    [Fact]
    public async Task Cancelling_ends_a_job_and_again_changes_nothing()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage first = await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null);
        first.StatusCode.Should().BeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK);
        JsonElement ended = await _client.Ended(id);
        (ended.Text("state"), ended.Text("reason")).Should().Be(("canceled", "canceled"));
        ended.Text("endedBy").Should().StartWith("uid:");
        using HttpResponseMessage again = await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null);
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Body()).Long("version").Should().Be(ended.Long("version"));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("SIGTERM")]
    [InlineData("15")]
    public async Task A_signal_reaches_the_jobs_whole_group(string signal)
    {
        long id = await _client.SubmitRunning("sleep 600; true");
        using HttpResponseMessage sent = await _client.PostAsync($"/v1/jobs/{id}/signal", Requests.Json($$"""{"signal":"{{signal}}"}"""));
        sent.StatusCode.Should().Be(HttpStatusCode.NoContent);
        JsonElement ended = await _client.Ended(id);
        (ended.Text("state"), ended.Text("reason"), ended.Text("signal")).Should().Be(("failed", "signal", "SIGTERM"));
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("")]
    public async Task What_is_no_signal_is_refused(string signal)
    {
        long id = (await _client.SubmitToEnd("exit 0")).Long("id");
        using HttpResponseMessage sent = await _client.PostAsync($"/v1/jobs/{id}/signal", Requests.Json($$"""{"signal":"{{signal}}"}"""));
        ((int)sent.StatusCode, await sent.Code()).Should().Be((422, "invalid"));
    }

    [Fact]
    public async Task Only_a_job_that_has_ended_can_be_removed_and_then_it_is_gone()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage running = await _client.DeleteAsync($"/v1/jobs/{id}");
        ((int)running.StatusCode, await running.Code()).Should().Be((409, "running"));
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        await _client.Ended(id);
        (await _client.DeleteAsync($"/v1/jobs/{id}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await _client.GetAsync($"/v1/jobs/{id}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await _client.GetAsync($"/v1/jobs/{id}/stdout")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await _client.DeleteAsync($"/v1/jobs/{id}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_sockproc_job_is_seen_here_too()
    {
        await shared.Http.Daemon.Run("echo from-sockproc");
        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage list = await _client.GetAsync("/v1/jobs?origin=sockproc&q=from-sockproc");
                return (await list.Body()).GetProperty("items").GetArrayLength() == 1;
            },
            "the job is in the list");
    }

    private async Task<HttpResponseMessage> GetIfNot(long id, string tag, string wait = "0")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}?wait={wait}");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await _client.SendAsync(request);
    }
}
