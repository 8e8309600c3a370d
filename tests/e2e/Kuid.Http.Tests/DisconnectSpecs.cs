using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What becomes of a job when the client that waits for it goes away.</summary>
public sealed class DisconnectSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Theory]
    [InlineData("?wait=60")]
    [InlineData("/stdout?follow=true")]
    [InlineData("/events")]
    public async Task Row_123_a_job_that_was_submitted_so_is_cancelled_when_its_last_client_goes_away(string how)
    {
        long id = await _client.SubmitRunning("echo ready; sleep 600", "\"disconnect\":\"cancel\"");
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        Task<byte[]> first = _client.GetByteArrayAsync($"/v1/jobs/{id}{how}", one.Token), second = _client.GetByteArrayAsync($"/v1/jobs/{id}{how}", two.Token);
        (await _client.Job(id)).Text("state").Should().Be("running");

        await GoAway(one, first);
        await GoAway(two, second);

        // A client that came and went before the daemon saw it is no client; then another one does it.
        JsonElement job = await EndedAfter(id, how);
        (job.Text("state"), job.Text("detail")).Should().Be(("canceled", "the client that waited for it went away"));
    }

    [Fact]
    public async Task Row_123_a_job_goes_on_by_default_and_when_the_client_has_had_its_answer()
    {
        long plain = await _client.SubmitRunning("sleep 600");
        using var gone = new CancellationTokenSource();
        await GoAway(gone, _client.GetByteArrayAsync($"/v1/jobs/{plain}?wait=60", gone.Token));
        long answered = await _client.SubmitRunning("sleep 600", "\"disconnect\":\"cancel\"");
        (await _client.GetAsync($"/v1/jobs/{answered}?wait=0.1")).Dispose();

        // When one that is to be cancelled has been, these would have been too.
        long other = await _client.SubmitRunning("sleep 600", "\"disconnect\":\"cancel\"");
        (await EndedAfter(other, "?wait=60")).Text("state").Should().Be("canceled");
        foreach (long id in (long[])[plain, answered])
        {
            (await _client.Job(id)).Text("state").Should().Be("running");
            (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        }
    }

    private static async Task GoAway(CancellationTokenSource gone, Task request)
    {
        await gone.CancelAsync();
        await request.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();
    }

    private async Task<JsonElement> EndedAfter(long id, string how)
    {
        await Eventually.Holds(async () =>
        {
            if ((await _client.Job(id)).Text("state") != "running")
            {
                return true;
            }

            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await _client.GetByteArrayAsync($"/v1/jobs/{id}{how}", gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return false;
        }, "the job is cancelled");
        return await _client.Ended(id);
    }
}
