using System.Net;

namespace Kuid.Http.Tests;

/// <summary>A history that is damaged while the daemon uses it: whatever reads it says so, and nothing is written to it any more.</summary>
public sealed class DamagedHistorySpecs
{
    /// <summary>The operations that read the history and do not write it.</summary>
    internal static readonly string[] Readers =
    [
        "listJobs", "getJob", "patchJob", "cancelJob", "signalJob", "putStdin", "getStdout", "getStderr", "getOutput", "getResult", "getRows",
        "followJob", "listBatches", "getBatch", "cancelBatch", "bulkJobs",
    ];

    [Fact]
    public async Task Row_22_Whatever_reads_a_history_that_was_overwritten_answers_503_and_the_damage_is_not_made_worse()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        HttpClient client = http.Client;
        long id = (await client.SubmitToEnd("echo kept")).Long("id");
        long other = (await client.SubmitToEnd("true")).Long("id");

        // A removal comes after all that was to be written, and whoever has read before has to read anew.
        (await client.DeleteAsync($"/v1/jobs/{other}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        foreach (string name in (string[])["history.db", "history.db-wal"])
        {
            Overwrite(http.Daemon.Folder["data/" + name]);
        }

        foreach (string operation in Readers)
        {
            using HttpResponseMessage response = await client.SendAsync(Request(operation, id));
            (response.StatusCode, await response.Code()).Should().Be((HttpStatusCode.ServiceUnavailable, "unavailable"), operation);
            response.Headers.RetryAfter.Should().NotBeNull(operation);
        }

        await Eventually.Holds(() => http.Daemon.Log.Contains("history: is damaged", StringComparison.Ordinal), "the damage is found");
        using HttpResponseMessage refused = await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Daemon.Run("echo on")).Text.Should().Be("on\n");
        (await client.GetAsync("/healthz")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await client.GetAsync("/readyz")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    // In place: the file is the one that the daemon has open, and each page of it is noise.
    private static void Overwrite(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        byte[] noise = new byte[file.Length];
        Array.Fill(noise, (byte)0xa5);
        file.Write(noise);
    }

    private static HttpRequestMessage Request(string operation, long id) => operation switch
    {
        "listJobs" => new(HttpMethod.Get, "/v1/jobs"),
        "getJob" => new(HttpMethod.Get, $"/v1/jobs/{id}"),
        "patchJob" => new(HttpMethod.Patch, $"/v1/jobs/{id}") { Content = Requests.Json("{}") },
        "cancelJob" => new(HttpMethod.Post, $"/v1/jobs/{id}/cancel"),
        "signalJob" => new(HttpMethod.Post, $"/v1/jobs/{id}/signal") { Content = Requests.Json("""{"signal":"TERM"}""") },
        "putStdin" => new(HttpMethod.Put, $"/v1/jobs/{id}/stdin") { Content = Requests.Bytes("x"u8) },
        "followJob" => new(HttpMethod.Get, $"/v1/jobs/{id}/events"),
        "listBatches" => new(HttpMethod.Get, "/v1/batches"),
        "getBatch" => new(HttpMethod.Get, $"/v1/batches/{id}"),
        "cancelBatch" => new(HttpMethod.Post, $"/v1/batches/{id}/cancel"),
        "bulkJobs" => new(HttpMethod.Post, "/v1/jobs/bulk") { Content = Requests.Json("""{"action":"cancel","filter":{"q":"nothing"}}""") },
        _ => new(HttpMethod.Get, $"/v1/jobs/{id}/{operation["get".Length..].ToLowerInvariant()}"),
    };
}
