using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Standard input that is sent while the job runs.</summary>
public sealed class StdinSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private const string Streamed = "\"stdinMode\":\"stream\"";

    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task Pieces_make_one_input_that_ends_when_it_is_said()
    {
        long id = await _client.Submit("cat", Streamed);
        (await Put(id, "hello ", "offset=0")).Header("Kuid-Offset").Should().Be("6");
        (await Put(id, "world", "offset=6&eof=true")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        JsonElement ended = await _client.Ended(id);
        (ended.Text("state"), ended.Long("stdinBytes")).Should().Be(("succeeded", 11));
        (await _client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be("hello world");
    }

    [Fact]
    public async Task A_piece_that_begins_elsewhere_is_told_where_to_begin()
    {
        long id = await _client.Submit("cat", Streamed);
        (await Put(id, "abc", "offset=0")).Dispose();
        using HttpResponseMessage wrong = await Put(id, "abc", "offset=0");
        ((int)wrong.StatusCode, await wrong.Code(), wrong.Header("Kuid-Offset")).Should().Be((409, "offset", "3"));
        (await Put(id, "", "offset=3&eof=true")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        using HttpResponseMessage late = await Put(id, "x", "offset=3");
        ((int)late.StatusCode, await late.Code()).Should().Match<(int Status, string Code)>(found =>
            found.Status == 409 && (found.Code == "closed" || found.Code == "notrunning"));
        await _client.Ended(id);
        (await _client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be("abc");
    }

    [Fact]
    public async Task Fifty_megabytes_pass_byte_for_byte()
    {
        byte[] bytes = new byte[50_000_000];
        new Random(1).NextBytes(bytes);
        long id = await _client.Submit("cat", Streamed);
        Task<byte[]> output = _client.GetByteArrayAsync($"/v1/jobs/{id}/stdout?follow=true");
        using HttpResponseMessage sent = await _client.PutAsync($"/v1/jobs/{id}/stdin?eof=true", Requests.Bytes(bytes));
        sent.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await output).AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task A_job_that_takes_no_streamed_input_says_so()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage refused = await Put(id, "x", "offset=0");
        ((int)refused.StatusCode, await refused.Code()).Should().Be((409, "closed"));
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
    }

    private Task<HttpResponseMessage> Put(long id, string text, string query) =>
        _client.PutAsync($"/v1/jobs/{id}/stdin?{query}", Requests.Bytes(System.Text.Encoding.UTF8.GetBytes(text)));
}
