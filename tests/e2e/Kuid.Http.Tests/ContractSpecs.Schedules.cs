using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Schedules and sessions: what is there to ask about, and what no request in general provokes.</summary>
public sealed partial class ContractSpecs
{
    private const string Schedule = """{"everySeconds":86400,"job":{"command":"exit 0"}}""";

    private static int _schedules;

    private static readonly string[] WithScheduleBody = ["putSchedule", "previewSchedule", "createSession", "evalSession", "completeSession"];

    /// <summary>The body of a good request; null for the operations of others.</summary>
    private static string? ScheduleBody(string operation) => operation switch
    {
        "putSchedule" => Schedule,
        "previewSchedule" => """{"cron":"*/5 * * * *","count":3}""",
        "createSession" => "{}",
        "evalSession" => """{"pipeline":"echo a"}""",
        "completeSession" => """{"line":"ec"}""",
        _ => null,
    };

    /// <summary>The name of a schedule that is there, or can be.</summary>
    private async Task<string> ScheduleFor(string operation)
    {
        string name = $"s{Interlocked.Increment(ref _schedules)}";
        if (operation != "putSchedule")
        {
            using HttpResponseMessage put = await _http.Client.PutAsync($"/v1/schedules/{name}", Requests.Json(Schedule));
            put.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, await put.Content.ReadAsStringAsync());
        }

        return name;
    }

    /// <summary>The id of a session that is open.</summary>
    private async Task<string> Session(string body = "{}")
    {
        using HttpResponseMessage created = await _http.Client.PostAsync("/v1/sessions", Requests.Json(body));
        return (await created.Body()).Text("id")!;
    }

    private async Task<HttpResponseMessage> OfSchedules(string operation, int status)
    {
        HttpClient client = _http.Client;
        switch (operation, status)
        {
            case ("putSchedule", 200):
                return await client.PutAsync($"/v1/schedules/{await ScheduleFor("getSchedule")}", Requests.Json(Schedule));
            case ("putSchedule" or "previewSchedule", 422):
                HttpRequestMessage wrong = await Good(operation);
                return await client.SendAsync(With(wrong, Requests.Json("""{"cron":"61 * * * *","job":{"command":"x"}}""".Replace(
                    operation == "previewSchedule" ? ""","job":{"command":"x"}""" : "none", "", StringComparison.Ordinal))));
            case ("putSchedule" or "deleteSchedule", 412):
                HttpRequestMessage other = await Good(operation);
                other.Headers.IfMatch.Add(new EntityTagHeaderValue("\"another\""));
                return await client.SendAsync(other);
            case ("deleteSchedule", 400):
                HttpRequestMessage tagless = await Good(operation);
                tagless.Headers.TryAddWithoutValidation("If-Match", "no tag");
                return await client.SendAsync(tagless);
            case ("triggerSchedule", 409):
                string busy = await ScheduleFor("putSchedule");
                await client.PutAsync($"/v1/schedules/{busy}", Requests.Json("""{"everySeconds":86400,"job":{"command":"sleep 600"}}"""));
                await client.PostAsync($"/v1/schedules/{busy}/trigger", content: null);
                return await client.PostAsync($"/v1/schedules/{busy}/trigger", content: null);
            case ("triggerSchedule", 422):
                string hostless = await ScheduleFor("putSchedule");
                await client.PutAsync($"/v1/hosts/of-{hostless}", Requests.Json(Host));
                await client.PutAsync(
                    $"/v1/schedules/{hostless}", Requests.Json($$$"""{"everySeconds":86400,"job":{"pipeline":"ls","host":"of-{{{hostless}}}"}}"""));
                await client.DeleteAsync($"/v1/hosts/of-{hostless}");
                return await client.PostAsync($"/v1/schedules/{hostless}/trigger", content: null);
            case ("createSession", 422):
                return await client.PostAsync("/v1/sessions", Requests.Json("""{"host":"nowhere"}"""));
            case ("createSession", 502):
                return await client.PostAsync("/v1/sessions", Requests.Json("""{"host":"unix:/nowhere"}"""));
            case ("evalSession", 422):
                return await client.PostAsync($"/v1/sessions/{await Session()}/eval", Requests.Json("""{"pipeline":"|"}"""));
            case ("completeSession", 422):
                return await client.PostAsync($"/v1/sessions/{await Session()}/complete", Requests.Json("""{"line":"","position":1}"""));
            case ("evalSession" or "completeSession", 409):
                string occupied = await Session();
                Task<HttpResponseMessage> sleeping = client.PostAsync($"/v1/sessions/{occupied}/eval", Requests.Json("""{"pipeline":"sleep 600"}"""));
                await Eventually.Holds(
                    async () => JsonDocument.Parse(await client.GetStringAsync($"/v1/sessions/{occupied}")).RootElement.Text("state") == "evaluating", "it sleeps");
                HttpResponseMessage refused = await client.SendAsync(await Good(operation, session: occupied));
                await client.DeleteAsync($"/v1/sessions/{occupied}");
                (await sleeping).Dispose();
                return refused;
            case ("evalSession" or "completeSession", 410):
                string left = await Session();
                await client.PostAsync($"/v1/sessions/{left}/eval", Requests.Json("""{"pipeline":"exit 3"}"""));
                return await client.SendAsync(await Good(operation, session: left));
            default:
                return await client.SendAsync(await Good(operation));
        }
    }
}
