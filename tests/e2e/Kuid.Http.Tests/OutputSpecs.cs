using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Kuid.Http.Tests;

/// <summary>What jobs wrote, whole, in part, and while they write.</summary>
public sealed class OutputSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task Bytes_come_as_they_were_written()
    {
        long id = (await _client.SubmitToEnd("head -c 300000 /dev/urandom > f; cat f; md5sum < f >&2", $$"""
            "cwd":"{{shared.Http.Daemon.Folder.Path}}"
            """)).Long("id");
        byte[] stdout = await _client.GetByteArrayAsync($"/v1/jobs/{id}/stdout");
        string sum = await _client.GetStringAsync($"/v1/jobs/{id}/stderr");
        stdout.Should().HaveCount(300_000);
#pragma warning disable CA5351 // md5sum is what every machine has; nothing here is secret.
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(stdout)).Should().Be(sum[..32]);
#pragma warning restore CA5351
    }

    [Fact]
    public async Task Of_what_a_sockproc_client_has_been_given_whole_the_history_keeps_head_and_tail()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--sockproc-history-bytes", "1000"]);
        (await daemon.Daemon.Run("printf first; head -c 3000000 /dev/zero; printf last")).Stdout.Should().HaveCount(3_000_009);

        string list = await daemon.Client.GetStringAsync("/v1/jobs?origin=sockproc");
        using var jobs = System.Text.Json.JsonDocument.Parse(list);
        System.Text.Json.JsonElement job = jobs.RootElement.GetProperty("items")[0];
        (job.Long("stdoutBytes"), job.Long("stdoutKeptBytes")).Should().Be((3_000_009, 1000));
        string tail = await daemon.Client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout?tail=4");
        tail.Should().Be("last");
    }

    [Theory]
    [InlineData("", "0123456789", 0L)]
    [InlineData("?offset=3", "3456789", 3L)]
    [InlineData("?offset=3&limit=2", "34", 3L)]
    [InlineData("?limit=0", "", 0L)]
    [InlineData("?tail=2", "89", 8L)]
    [InlineData("?tail=99", "0123456789", 0L)]
    [InlineData("?offset=10", "", 10L)]
    [InlineData("?offset=99", "", 99L)]
    [InlineData("?offset=4&follow=true", "456789", 4L)]
    public async Task Offset_limit_and_tail_choose_bytes(string query, string bytes, long offset)
    {
        long id = (await _client.SubmitToEnd("printf 0123456789")).Long("id");
        foreach (string path in (string[])["stdout", "output"])
        {
            using HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/{id}/{path}{query}");
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            (await response.Content.ReadAsStringAsync()).Should().Be(bytes);
            (response.Header("Kuid-Offset"), response.Header("Kuid-Truncated")).Should().Be(($"{offset}", "false"));
        }
    }

    [Theory]
    [InlineData("bytes=0-0", "0", "bytes 0-0/10")]
    [InlineData("bytes=8-99", "89", "bytes 8-9/10")]
    [InlineData("bytes=-3", "789", "bytes 7-9/10")]
    public async Task A_range_is_a_part(string range, string bytes, string contentRange)
    {
        long id = (await _client.SubmitToEnd("printf 0123456789")).Long("id");
        using HttpResponseMessage response = await GetRange(id, range);
        response.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await response.Content.ReadAsStringAsync()).Should().Be(bytes);
        response.Content.Headers.ContentRange!.ToString().Should().Be(contentRange);
    }

    [Fact]
    public async Task A_range_behind_the_end_is_told_how_much_there_is()
    {
        long id = (await _client.SubmitToEnd("printf 0123456789")).Long("id");
        using HttpResponseMessage response = await GetRange(id, "bytes=10-");
        ((int)response.StatusCode, await response.Code()).Should().Be((416, "range"));
        response.Content.Headers.ContentRange!.ToString().Should().Be("bytes */10");
    }

    [Fact]
    public async Task What_was_not_kept_is_left_out_and_said()
    {
        long id = (await _client.SubmitToEnd("seq -w 0 99999", "\"maxOutputBytes\":12")).Long("id");

        // While a job runs, and until it is written down, more can be read of it than it keeps.
        await Eventually.Holds(async () => (await _client.GetStringAsync($"/v1/jobs/{id}/stdout")).Length == 12, "only what is kept can be read");
        using HttpResponseMessage whole = await _client.GetAsync($"/v1/jobs/{id}/stdout");
        (await whole.Content.ReadAsStringAsync()).Should().Be("00000\n99999\n");
        whole.Header("Kuid-Truncated").Should().Be("true");
        using HttpResponseMessage behind = await _client.GetAsync($"/v1/jobs/{id}/stdout?offset=7");
        (await behind.Content.ReadAsStringAsync()).Should().Be("99999\n");
        behind.Header("Kuid-Offset").Should().Be("599994");
        using HttpResponseMessage before = await GetRange(id, "bytes=2-");
        (await before.Content.ReadAsStringAsync()).Should().Be("000\n");
        before.Content.Headers.ContentRange!.ToString().Should().Be("bytes 2-5/600000");
        using HttpResponseMessage both = await _client.GetAsync($"/v1/jobs/{id}/output");
        (await both.Content.ReadAsStringAsync()).Should().Be("00000\n99999\n");
    }

    [Fact]
    public async Task Both_streams_come_in_the_order_in_which_they_were_written()
    {
        const string Written = "o1\ne1\no2\ne2\no3\ne3\n";
        string gate = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        string pass = $"end=$((end + 3)); until [ -e {gate}.$end ]; do sleep 0.02; done";
        long id = await _client.Submit($"end=0; for i in 1 2 3; do echo o$i; {pass}; echo e$i >&2; {pass}; done");

        // Two pipes have no order between them: each line waits until the daemon has read the one before.
        for (int end = 3; end <= Written.Length; end += 3)
        {
            await Eventually.Holds(async () => (await _client.GetStringAsync($"/v1/jobs/{id}/output")).Length == end, "the line has been read");
            await File.WriteAllTextAsync($"{gate}.{end}", string.Empty);
        }

        await _client.Ended(id);
        (await _client.GetStringAsync($"/v1/jobs/{id}/output")).Should().Be(Written);
        (await _client.GetStringAsync($"/v1/jobs/{id}/output?offset=3&limit=6")).Should().Be("e1\no2\n");
    }

    [Fact]
    public async Task A_follower_reads_while_the_job_writes_and_ends_with_it()
    {
        string gate = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        long id = await _client.Submit($"echo first; while [ ! -e {gate} ]; do sleep 0.05; done; echo second");
        using HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/{id}/stdout?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
        (await reader.ReadLineAsync()).Should().Be("first");
        await File.WriteAllTextAsync(gate, string.Empty);
        (await reader.ReadToEndAsync()).Should().Be("second\n");
    }

    [Fact]
    public async Task A_follower_gets_every_byte_though_few_are_kept()
    {
        long id = await _client.Submit("seq 1 2000000", "\"maxOutputBytes\":100,\"follow\":true");
        using HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/{id}/stdout?follow=true", HttpCompletionOption.ResponseHeadersRead);
        byte[] all = await response.Content.ReadAsByteArrayAsync();
        all.Should().HaveCount(14_888_896);
        Encoding.ASCII.GetString(all[^8..]).Should().Be("2000000\n");
    }

    [Fact]
    public async Task A_follower_that_goes_away_leaves_the_job_alone()
    {
        string done = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        long id = await _client.Submit($"seq 1 3000000; touch {done}");
        using (HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/{id}/stdout?follow=true", HttpCompletionOption.ResponseHeadersRead))
        {
            byte[] some = new byte[1000];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(some);
        }

        (await _client.Ended(id)).Text("state").Should().Be("succeeded");
        File.Exists(done).Should().BeTrue();
    }

    [Theory]
    [InlineData("?offset=1&tail=1")]
    [InlineData("?offset=-1")]
    [InlineData("?follow=yes")]
    [InlineData("?from=1")]
    public async Task What_cannot_be_asked_is_refused(string query)
    {
        using HttpResponseMessage response = await _client.GetAsync($"/v1/jobs/1/stderr{query}");
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    private async Task<HttpResponseMessage> GetRange(long id, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/stdout");
        request.Headers.Range = RangeHeaderValue.Parse(range);
        return await _client.SendAsync(request);
    }
}
