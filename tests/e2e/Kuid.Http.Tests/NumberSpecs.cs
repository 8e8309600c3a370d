namespace Kuid.Http.Tests;

/// <summary>Row 114: numbers and texts at the ends of what JSON can say. Each is refused with its place, and makes no job.</summary>
public sealed class NumberSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Theory]
    [InlineData("timeoutSeconds")]
    [InlineData("killGraceSeconds")]
    [InlineData("drainSeconds")]
    [InlineData("expiresInSeconds")]
    [InlineData("retryBackoffSeconds")]
    [InlineData("maxOutputBytes")]
    [InlineData("maxAttempts")]
    [InlineData("priority")]
    public async Task Row_114_no_number_is_too_large_or_too_small_to_be_refused(string member)
    {
        foreach (string number in new[] { "1e400", "-1e400", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "-1e300", "1e-400000" })
        {
            // What is nearer to nothing than a double can say is nothing, which some members allow.
            bool mayBeZero = number.Contains("e-", StringComparison.Ordinal);
            using HttpResponseMessage response = await _client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("exit 0", $"\"{member}\":{number}")));

            if (!(mayBeZero && (int)response.StatusCode == 202))
            {
                // 400 is for what is no such number, 422 for one that is not allowed.
                ((int)response.StatusCode is 400 or 422).Should().BeTrue("{0}", await response.Content.ReadAsStringAsync());
                (await response.Body()).GetProperty("errors")[0].GetProperty("pointer").GetString().Should().Be("/" + member);
            }
        }
    }

    [Theory]
    [InlineData("""{"kind":"shell","command":"touch \ud800"}""", "/command")]
    [InlineData("""{"kind":"shell","command":"touch ran\u0000"}""", "/command")]
    [InlineData("""{"kind":"argv","argv":["touch","ran\u0000"]}""", "/argv/1")]
    [InlineData("""{"kind":"shell","command":"true","env":{"A":"\udfff"}}""", "/env/A")]
    [InlineData("""{"kind":"shell","command":"true","env":{"A\u0000":"x"}}""", "/env/A\u0000")]
    [InlineData("""{"kind":"shell","command":"true","cwd":"/\u0000"}""", "/cwd")]
    [InlineData("""{"kind":"shell","command":"true","name":"a\u0000"}""", "/name")]
    public async Task Row_114_half_characters_and_NULs_are_refused_with_their_place(string body, string pointer)
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/jobs", Requests.Json(body));

        ((int)response.StatusCode, await response.Code()).Should().Be((422, "invalid"));
        (await response.Body()).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Should().Contain(pointer);
    }

    [Theory]
    [InlineData("/v1/jobs?limit=9223372036854775808")]
    [InlineData("/v1/jobs?limit=-1")]
    [InlineData("/v1/jobs?limit=1e3")]
    [InlineData("/v1/jobs/1?wait=1e400")]
    [InlineData("/v1/jobs/1?wait=-1")]
    public async Task Row_114_numbers_in_a_query_are_held_to_the_same(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);

        ((int)response.StatusCode).Should().Be(400);
    }

    [Fact]
    public async Task Row_123_an_upload_that_breaks_off_makes_no_job_and_no_fault()
    {
        string mark = Guid.NewGuid().ToString("N");
        for (int i = 0; i < 20; i++)
        {
            using var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(shared.Http.SocketPath));
            string body = Requests.Shell("exit 0", $"\"name\":\"{mark}\"");
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
                $"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length + 1}\r\n\r\n{body}"));
        }

        await _client.SubmitToEnd("exit 0");
        using HttpResponseMessage list = await _client.GetAsync("/v1/jobs?limit=100");
        (await list.Body()).GetProperty("items").EnumerateArray().Should().NotContain(job => job.GetRawText().Contains(mark, StringComparison.Ordinal));
        shared.Http.Daemon.Log.Should().NotContain("fault of the daemon").And.NotContain("unobserved", "each broken request has an owner");
    }

    [Fact]
    public async Task Row_123_a_stream_and_a_wait_that_break_off_leave_the_job_and_no_descriptor()
    {
        long id = await _client.SubmitRunning("echo ready; sleep 600");
        int before = ProcessTable.Descriptors(shared.Http.Daemon.Pid);
        foreach (string how in new[] { "?wait=60", "/stdout?follow=true", "/events" })
        {
            for (int i = 0; i < 10; i++)
            {
                using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
                await _client.GetByteArrayAsync($"/v1/jobs/{id}{how}", gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        await Eventually.Holds(() => ProcessTable.Descriptors(shared.Http.Daemon.Pid) <= before + 1, "the broken connections are closed");
        (await _client.Job(id)).Text("state").Should().Be("running");
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        shared.Http.Daemon.Log.Should().NotContain("fault of the daemon");
    }
}
