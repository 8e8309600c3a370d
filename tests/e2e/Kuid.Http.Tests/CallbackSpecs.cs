using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>The end of a job is posted to where the daemon's owner allows it, and to nowhere else.</summary>
public sealed class CallbackSpecs
{
    [Fact]
    public async Task The_job_is_posted_as_it_ended_signed_and_tried_again_until_it_is_accepted()
    {
        using var receiver = new CallbackReceiver((number, response) =>
        {
            response.StatusCode = number < 3 ? (int)HttpStatusCode.ServiceUnavailable : (int)HttpStatusCode.OK;
            return [];
        });
        await using HttpDaemon http = await HttpDaemon.Start(["--callback-allow", receiver.Address + "hooks", "--callback-backoff-seconds", "0.05"]);

        JsonElement job = await http.Client.SubmitToEnd("exit 3", $"\"callbackUrl\":\"{receiver.Address}hooks/7\"");
        JsonElement callback = await Callback(http.Client, job.Long("id"));

        (callback.Text("kind"), callback.Text("origin"), callback.Text("reason"), callback.Long("attempt"), callback.GetProperty("exitCode").ValueKind)
            .Should().Be(("callback", "callback", "delivered", 3L, JsonValueKind.Null));
        receiver.Received.Should().HaveCount(3).And.OnlyContain(posted => posted.Path == "/hooks/7");
        receiver.Received.Select(posted => posted.Headers["webhook-id"]).Distinct(StringComparer.Ordinal).Should().ContainSingle();
        ReceivedCallback last = receiver.Received[^1];
        JsonElement body = JsonDocument.Parse(last.Body).RootElement;
        (body.Long("id"), body.Text("state"), body.Long("exitCode")).Should().Be((job.Long("id"), "failed", 3L));
        string secret = File.ReadAllText(http.Daemon.Folder["data/callback.secret"]).TrimEnd('\n');
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Headers["webhook-id"]}.{last.Headers["webhook-timestamp"]}.")), .. last.Body];
        last.Headers["webhook-signature"].Should().Be(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed)));
    }

    [Fact]
    public async Task A_target_that_is_not_allowed_is_refused_and_told_which_are()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--callback-allow", "http://127.0.0.1:9/a", "--callback-allow", "https://hooks.example/b"]);

        foreach (string url in (string[])["http://127.0.0.1:9/ab", "http://127.0.0.1:9/b", "https://127.0.0.1:9/a", "http://127.0.0.1:9/a/../b", "http://x@127.0.0.1:9/a", "no url"])
        {
            using HttpResponseMessage response = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", $"\"callbackUrl\":\"{url}\"")));
            ((int)response.StatusCode, await response.Code()).Should().Be((422, "invalid"), url);
            (await response.Body()).GetProperty("errors")[0].Text("pointer").Should().Be("/callbackUrl");
        }

        using HttpResponseMessage other = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", "\"callbackUrl\":\"http://127.0.0.1:8/\"")));
        (await other.Body()).Text("detail").Should().Contain("http://127.0.0.1:9/a, https://hooks.example/b");
    }

    [Fact]
    public async Task Nothing_is_allowed_by_default_and_no_secret_is_made()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        using HttpResponseMessage response = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", "\"callbackUrl\":\"http://127.0.0.1:9/\"")));

        (await response.Body()).Text("detail").Should().Contain("--callback-allow");
        File.Exists(http.Daemon.Folder["data/callback.secret"]).Should().BeFalse();
    }

    private static async Task<JsonElement> Callback(HttpClient client, long job)
    {
        JsonElement found = default;
        await Eventually.Holds(async () =>
        {
            using HttpResponseMessage list = await client.GetAsync("/v1/jobs?kind=callback");
            found = (await list.Body()).GetProperty("items").EnumerateArray().SingleOrDefault(each => each.Long("parentId") == job);
            return found.ValueKind == JsonValueKind.Object && found.GetProperty("finishedAt").ValueKind == JsonValueKind.String;
        }, "the callback has ended");
        return found;
    }
}
