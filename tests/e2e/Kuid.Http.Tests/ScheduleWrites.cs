using System.Net;

namespace Kuid.Http.Tests;

/// <summary>Schedules while the history cannot be written: every change of one is refused, and none has happened.</summary>
internal static class ScheduleWrites
{
    private const string Schedule = """{"everySeconds":86400,"job":{"command":"exit 0"}}""";
    private const string Paused = """{"everySeconds":86400,"paused":true,"job":{"command":"exit 0"}}""";

    /// <summary>Puts what is to be changed, while it still can be.</summary>
    internal static async Task PrepareAsync(HttpClient client)
    {
        (await client.PutAsync("/v1/schedules/old", Requests.Json(Schedule))).StatusCode.Should().Be(HttpStatusCode.Created);
        (await client.PutAsync("/v1/schedules/resting", Requests.Json(Paused))).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    /// <summary>Tries every change.</summary>
    internal static async Task AreRefusedAsync(HttpClient client, HttpStatusCode status)
    {
        string before = await client.GetStringAsync("/v1/schedules");
        foreach ((HttpMethod method, string path, string? body) in ((HttpMethod, string, string?)[])
        [
            (HttpMethod.Put, "new", Schedule), (HttpMethod.Put, "old", Paused), (HttpMethod.Delete, "old", null), (HttpMethod.Post, "old/pause", null),
            (HttpMethod.Post, "resting/resume", null), (HttpMethod.Post, "old/trigger", null),
        ])
        {
            using var request = new HttpRequestMessage(method, $"/v1/schedules/{path}") { Content = body is null ? null : Requests.Json(body) };
            using HttpResponseMessage refused = await client.SendAsync(request);
            refused.StatusCode.Should().Be(status, "{0} {1}", method, path);
        }

        (await client.GetStringAsync("/v1/schedules")).Should().Be(before, "what was refused has not happened");
    }
}
