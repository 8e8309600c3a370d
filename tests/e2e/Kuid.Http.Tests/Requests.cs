using System.Net;
using System.Text;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Requests in a word, and answers taken apart.</summary>
internal static class Requests
{
    internal static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    internal static ByteArrayContent Bytes(ReadOnlySpan<byte> bytes)
    {
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new("application/octet-stream");
        return content;
    }

    internal static string Shell(string command, string more = "") =>
        $$"""{"kind":"shell","command":{{JsonSerializer.Serialize(command)}}{{(more.Length == 0 ? more : "," + more)}}}""";

    /// <summary>Submits a command and gives its id.</summary>
    internal static async Task<long> Submit(this HttpClient client, string command, string more = "")
    {
        using HttpResponseMessage response = await client.PostAsync("/v1/jobs", Json(Shell(command, more)));
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return (await response.Body()).Long("id");
    }

    internal static string Pipeline(string source, string more = "") =>
        $$"""{"kind":"pipeline","pipeline":{{JsonSerializer.Serialize(source)}}{{(more.Length == 0 ? more : "," + more)}}}""";

    /// <summary>Submits a pipeline and gives its id.</summary>
    internal static async Task<long> SubmitPipeline(this HttpClient client, string source, string more = "")
    {
        using HttpResponseMessage response = await client.PostAsync("/v1/jobs", Json(Pipeline(source, more)));
        response.StatusCode.Should().Be(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Body()).Long("id");
    }

    /// <summary>Submits a pipeline and waits until it has ended.</summary>
    internal static async Task<JsonElement> PipelineToEnd(this HttpClient client, string source, string more = "") =>
        await client.Ended(await client.SubmitPipeline(source, more));

    /// <summary>The result of a pipeline as it is now.</summary>
    internal static async Task<JsonElement> Result(this HttpClient client, long id, string query = "")
    {
        using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{id}/result{query}");
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Body();
    }

    /// <summary>Submits a command and waits until it runs.</summary>
    internal static async Task<long> SubmitRunning(this HttpClient client, string command, string more = "")
    {
        long id = await client.Submit(command, more);
        await Eventually.Holds(async () => (await client.Job(id)).GetProperty("pid").ValueKind == JsonValueKind.Number, "the job has a process");
        return id;
    }

    /// <summary>Submits a command and waits until it has ended.</summary>
    internal static async Task<JsonElement> SubmitToEnd(this HttpClient client, string command, string more = "") =>
        await client.Ended(await client.Submit(command, more));

    internal static async Task<JsonElement> Job(this HttpClient client, long id)
    {
        using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{id}");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Body();
    }

    internal static async Task<JsonElement> Ended(this HttpClient client, long id)
    {
        while (true)
        {
            using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{id}?wait=60");
            JsonElement job = await response.Body();
            if (job.Text("state") is "succeeded" or "failed" or "canceled" or "lost")
            {
                return job;
            }
        }
    }

    internal static async Task<JsonElement> Body(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    internal static async Task<string> Code(this HttpResponseMessage response) => (await response.Body()).Text("code")!;

    internal static string? Text(this JsonElement json, string name) => json.GetProperty(name).GetString();

    internal static long Long(this JsonElement json, string name) => json.GetProperty(name).GetInt64();

    internal static string Header(this HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
