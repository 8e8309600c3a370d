using System.Net;

namespace Kuid.Http.Tests;

/// <summary>What a stop of the daemon means to those who are being answered.</summary>
public sealed class StopSpecs
{
    [Fact]
    public async Task A_running_exec_gets_its_answer()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        string mark = daemon.Daemon.Folder["mark"], gate = daemon.Daemon.Folder["gate"];
        Task<HttpResponseMessage> asking = daemon.Client.PostAsync(
            "/v1/exec", Requests.Json(Requests.Shell($"touch {mark}; while [ ! -e {gate} ]; do sleep 0.05; done; echo done")));
        await Eventually.Holds(() => File.Exists(mark), "the command runs");
        await daemon.Daemon.Signal("TERM");
        await Eventually.Holds(() => daemon.Daemon.Log.Contains("stopping", StringComparison.Ordinal), "the daemon stops");
        await File.WriteAllTextAsync(gate, string.Empty);
        using HttpResponseMessage response = await asking;
        (await response.Body()).Text("stdout").Should().Be("done\n");
        (await daemon.Daemon.WaitForExit()).Should().Be(0);
    }

    [Fact]
    public async Task A_wait_is_answered_with_the_job_as_it_is()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--grace", "0.1"]);
        long id = await daemon.Client.SubmitRunning("sleep 600");
        Task<HttpResponseMessage> waiting = daemon.Client.GetAsync($"/v1/jobs/{id}?wait=60");
        await WhenInside(daemon);
        (await daemon.Daemon.Stop()).Should().Be(0);
        using HttpResponseMessage response = await waiting;
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Body()).Long("id").Should().Be(id);
    }

    [Fact]
    public async Task An_answer_that_follows_a_job_breaks_off_and_is_not_taken_for_the_whole()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--grace", "5"]);
        long id = await daemon.Client.SubmitRunning("echo begun; sleep 600");
        using HttpResponseMessage response = await daemon.Client.GetAsync($"/v1/jobs/{id}/stdout?follow=true", HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[6]);
        Task stopped = daemon.Daemon.Stop();
        await FluentActions.Awaiting(() => body.CopyToAsync(Stream.Null)).Should().ThrowAsync<IOException>();
        await stopped;
    }

    // A second request on the same daemon that has been answered: the first, sent before it, is inside by then or was refused.
    private static async Task WhenInside(HttpDaemon daemon)
    {
        for (int i = 0; i < 5; i++)
        {
            (await daemon.Client.GetAsync("/healthz")).EnsureSuccessStatusCode();
        }
    }
}
