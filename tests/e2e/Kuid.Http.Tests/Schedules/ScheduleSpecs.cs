using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuid.Http.Tests.Schedules;

/// <summary>Schedules of a real daemon.</summary>
public sealed class ScheduleSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_schedule_makes_jobs_that_say_whose_they_are()
    {
        JsonElement put = await Put("every-second", """{"everySeconds":1,"overlap":"queue","job":{"command":"echo tick","labels":{"a":"b"}}}""");
        put.Text("nextAt").Should().NotBeNull();

        JsonElement schedule = await Until("every-second", now => now.GetProperty("lastJobId").ValueKind == JsonValueKind.Number);
        JsonElement job = await _client.Ended(schedule.Long("lastJobId"));

        (job.Text("origin"), job.Text("schedule"), job.Text("principal")).Should().Be(("schedule", "every-second", put.Text("principal")));
        job.GetProperty("labels").Text("a").Should().Be("b");
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout")).Should().Be("tick\n");
        (await _client.DeleteAsync("/v1/schedules/every-second")).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_is_put_is_read_back_and_to_put_it_again_changes_nothing()
    {
        const string Body = """{"cron":"30 2 * * *","timeZone":"Europe/Berlin","catchUp":true,"job":{"kind":"argv","argv":["true"],"env":{"A":"ü"},"priority":3}}""";
        JsonElement first = await Put("read-back", Body);

        JsonElement again = await Put("read-back", Body, HttpStatusCode.OK);

        again.GetRawText().Should().Be(first.GetRawText());
        (first.Text("cron"), first.Text("timeZone"), first.Text("overlap"), first.GetProperty("catchUp").GetBoolean())
            .Should().Be(("30 2 * * *", "Europe/Berlin", "skip", true));
        first.GetProperty("everySeconds").ValueKind.Should().Be(JsonValueKind.Null);
        first.GetProperty("job").GetRawText().Should().Be("""{"priority":3,"kind":"argv","argv":["true"],"env":{"A":"ü"}}""");
    }

    [Fact]
    public async Task A_change_with_an_ETag_that_is_not_the_schedules_any_more_is_refused()
    {
        await Put("tagged", """{"everySeconds":86400,"job":{"command":"true"}}""");
        using HttpResponseMessage read = await _client.GetAsync("/v1/schedules/tagged");
        EntityTagHeaderValue tag = read.Headers.ETag!;

        (await Send(HttpMethod.Put, "tagged", """{"everySeconds":3600,"job":{"command":"true"}}""", ifMatch: tag)).StatusCode.Should().Be(HttpStatusCode.OK);
        using HttpResponseMessage late = await Send(HttpMethod.Put, "tagged", """{"everySeconds":60,"job":{"command":"true"}}""", ifMatch: tag);
        (late.StatusCode, await late.Code()).Should().Be((HttpStatusCode.PreconditionFailed, "version"));
        (await Send(HttpMethod.Delete, "tagged", body: null, ifMatch: tag)).StatusCode.Should().Be(HttpStatusCode.PreconditionFailed);
        (await Send(HttpMethod.Delete, "tagged", body: null, ifMatch: EntityTagHeaderValue.Any)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Send(HttpMethod.Put, "tagged", """{"everySeconds":60,"job":{"command":"true"}}""", ifMatch: EntityTagHeaderValue.Any))
            .StatusCode.Should().Be(HttpStatusCode.PreconditionFailed, "there is none any more");
    }

    [Theory]
    [InlineData("""{"job":{"command":"true"}}""", "/cron")]
    [InlineData("""{"cron":"* * * * *","everySeconds":1,"job":{"command":"true"}}""", "/cron")]
    [InlineData("""{"cron":"0 0 30 2 *","job":{"command":"true"}}""", "/cron")]
    [InlineData("""{"everySeconds":0,"job":{"command":"true"}}""", "/everySeconds")]
    [InlineData("""{"cron":"* * * * *","timeZone":"Europe/Atlantis","job":{"command":"true"}}""", "/timeZone")]
    [InlineData("""{"everySeconds":1,"timeZone":"UTC","job":{"command":"true"}}""", "/timeZone")]
    [InlineData("""{"everySeconds":1,"overlap":"never","job":{"command":"true"}}""", "/overlap")]
    [InlineData("""{"everySeconds":1,"job":{}}""", "/job/kind")]
    [InlineData("""{"everySeconds":1,"job":{"command":"true","priority":9999}}""", "/job/priority")]
    [InlineData("""{"everySeconds":1,"job":{"pipeline":"ls |"}}""", "/job/pipeline")]
    [InlineData("""{"everySeconds":1,"job":{"pipeline":"ls","host":"nowhere"}}""", "/job/host")]
    [InlineData("""{"everySeconds":1,"job":{"command":"true","after":[1]}}""", "/job/after")]
    [InlineData("""{"everySeconds":1,"job":{"command":"true","notBefore":"2030-01-01T00:00:00Z"}}""", "/job/notBefore")]
    [InlineData("""{"everySeconds":1,"job":{"command":"cat","stdinMode":"stream"}}""", "/job/stdinMode")]
    [InlineData("""{"everySeconds":1,"job":{"command":"true","follow":true}}""", "/job/follow")]
    public async Task What_is_no_schedule_is_refused_with_its_place(string body, string pointer)
    {
        using HttpResponseMessage refused = await Send(HttpMethod.Put, "none", body);

        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await refused.Body()).GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Should().Contain(pointer);
    }

    [Fact]
    public async Task A_name_that_no_schedule_can_have_and_a_member_that_no_job_has_are_malformed()
    {
        using HttpResponseMessage named = await Send(HttpMethod.Put, "a%20b", """{"everySeconds":1,"job":{"command":"true"}}""");
        (named.StatusCode, await named.Code()).Should().Be((HttpStatusCode.BadRequest, "parameter"));
        using HttpResponseMessage odd = await Send(HttpMethod.Put, "odd", """{"everySeconds":1,"job":{"comand":"true"}}""");
        (odd.StatusCode, (await odd.Body()).GetProperty("errors")[0].Text("pointer")).Should().Be((HttpStatusCode.BadRequest, "/job/comand"));
    }

    [Fact]
    public async Task A_preview_over_a_change_of_the_clock_is_what_will_be()
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/schedules/preview", Requests.Json(
            """{"cron":"30 2 * * *","timeZone":"Europe/Berlin","from":"2026-03-28T00:00:00Z","count":3}"""));

        (await response.Body()).GetProperty("times").EnumerateArray().Select(time => time.GetString())
            .Should().Equal("2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z");
    }

    [Fact]
    public async Task A_paused_schedule_is_never_due_and_can_be_triggered()
    {
        await Put("resting", """{"everySeconds":1,"paused":true,"job":{"command":"exit 4"}}""");
        using HttpResponseMessage triggered = await _client.PostAsync("/v1/schedules/resting/trigger", content: null);
        triggered.StatusCode.Should().Be(HttpStatusCode.Accepted);
        long id = (await triggered.Body()).Long("id");
        triggered.Headers.Location!.OriginalString.Should().Be($"/v1/jobs/{id}");
        (await _client.Ended(id)).Long("exitCode").Should().Be(4);

        JsonElement schedule = await Until("resting", now => now.Long("lastJobId") == id);
        schedule.GetProperty("nextAt").ValueKind.Should().Be(JsonValueKind.Null);
        using HttpResponseMessage resumed = await _client.PostAsync("/v1/schedules/resting/resume", content: null);
        (await resumed.Body()).GetProperty("paused").GetBoolean().Should().BeFalse();
        await Until("resting", now => now.Long("lastJobId") > id);
        using HttpResponseMessage paused = await _client.PostAsync("/v1/schedules/resting/pause", content: null);
        (await paused.Body()).GetProperty("paused").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Schedules_stay_over_a_restart()
    {
        using var folder = new TempFolder();
        string before;
        await using (HttpDaemon first = await HttpDaemon.Start(folder: folder))
        {
            (await first.Client.PutAsync("/v1/schedules/kept", Requests.Json("""{"cron":"0 0 1 1 *","job":{"command":"true"}}"""))).Dispose();
            before = await first.Client.GetStringAsync("/v1/schedules");
            await first.Daemon.Stop();
        }

        await using HttpDaemon second = await HttpDaemon.Start(folder: folder);
        (await second.Client.GetStringAsync("/v1/schedules")).Should().Be(before).And.Contain("kept");
    }

    private async Task<JsonElement> Put(string name, string body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using HttpResponseMessage response = await Send(HttpMethod.Put, name, body);
        response.StatusCode.Should().Be(expected, await response.Content.ReadAsStringAsync());
        return await response.Body();
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string name, string? body, EntityTagHeaderValue? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, $"/v1/schedules/{name}") { Content = body is null ? null : Requests.Json(body) };
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch);
        }

        return await _client.SendAsync(request);
    }

    private async Task<JsonElement> Until(string name, Func<JsonElement, bool> condition)
    {
        JsonElement schedule = default;
        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage response = await _client.GetAsync($"/v1/schedules/{name}");
                schedule = await response.Body();
                return condition(schedule);
            },
            $"the schedule {name} is as expected");
        return schedule;
    }
}
