using System.Net;

namespace Kuid.Faults.Tests.Storage;

/// <summary>Statements of SQL wherever a client may put text.</summary>
public sealed class InjectionSpecs
{
    private static readonly string[] Texts =
    [
        "' OR '1'='1", "'; DROP TABLE jobs; --", "x') OR 1=1 --", "\" OR \"\"=\"", "a' UNION SELECT * FROM counters --", "@limit", "%", "_", "[a-z]*",
        "\\'; DELETE FROM jobs; --",
    ];

    [Fact]
    public async Task Row_32_text_of_clients_is_compared_as_it_is_and_never_becomes_a_statement()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        HttpClient client = http.Client;
        foreach ((int i, string text) in Texts.Index())
        {
            string json = System.Text.Json.JsonSerializer.Serialize(text);
            await client.SubmitToEnd("true", $"\"name\":{json},\"labels\":{{\"key{i}\":{json}}}");
        }

        foreach ((int i, string text) in Texts.Index())
        {
            string escaped = Uri.EscapeDataString(text);
            (await Ids(client, $"q={escaped}")).Should().Equal(Texts.Index().Where(other => other.Item.Contains(text, StringComparison.Ordinal)).Select(other => other.Index + 1L).Reverse());
            (await Ids(client, $"label=key{i}%3D{escaped}")).Should().Equal(i + 1L);
            foreach (string parameter in (string[])["queue", "service"])
            {
                using HttpResponseMessage response = await client.GetAsync($"/v1/jobs?{parameter}={escaped}");
                response.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
                (response.StatusCode == HttpStatusCode.BadRequest || (await response.Body()).GetProperty("items").GetArrayLength() == 0).Should().BeTrue();
            }

            foreach (string parameter in (string[])["state", "kind", "origin", "limit", "cursor", "createdAfter"])
            {
                (await client.GetAsync($"/v1/jobs?{parameter}={escaped}")).StatusCode.Should().Be(HttpStatusCode.BadRequest, parameter);
            }
        }

        (await Ids(client, "limit=100")).Should().HaveCount(Texts.Length, "nothing has been removed");
        await http.Daemon.Stop();
        await StoreTool.IsSound(http.Daemon.Folder["data/history.db"]);
    }

    private static async Task<IReadOnlyList<long>> Ids(HttpClient client, string query)
    {
        using HttpResponseMessage response = await client.GetAsync("/v1/jobs?" + query);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return [.. (await response.Body()).GetProperty("items").EnumerateArray().Select(job => job.Long("id"))];
    }
}
