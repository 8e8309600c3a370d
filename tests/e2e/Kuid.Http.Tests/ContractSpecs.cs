using System.Net.Http.Headers;
using System.Text;
using Kuid.TestKit.Contract;

namespace Kuid.Http.Tests;

/// <summary>
/// Every answer that the contract documents, provoked: a table with a scenario for each operation and status, and a test that it
/// is complete. The answers are held against the contract on their way.
/// </summary>
public sealed partial class ContractSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private const string Host = """{"address":"unix:/nowhere"}""";

    // Waits for as long as anybody runs these tests.
    private const string Later = "\"notBefore\":\"2999-01-01T00:00:00Z\"";

    private static int _hosts;

    private static readonly string[] WithBody =
    [
        "submitJob", "patchJob", "signalJob", "exec", "putQueue", "putHost", "checkPipeline", "submitBatch", "bulkJobs", "runService",
    ];

    private static readonly string[] WithQuery =
    [
        "listJobs", "getJob", "putStdin", "getStdout", "getStderr", "getOutput", "getResult", "getRows", "followEvents",
        "listBatches", "getBatch",
    ];

    private readonly HttpDaemon _http = shared.Http;

    public static TheoryData<string, int> Documented()
    {
        var data = new TheoryData<string, int>();
        foreach (ContractOperation operation in HttpContract.OfRepository.Operations)
        {
            foreach (int status in operation.Statuses.Where(status => !Elsewhere.ContainsKey((operation.Id, status))))
            {
                data.Add(operation.Id, status);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task Each_documented_answer_is_given(string operation, int status)
    {
        using HttpResponseMessage response = await Provoke(operation, status);
        ((int)response.StatusCode).Should().Be(status, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public void What_is_shown_elsewhere_is_documented_too() =>
        HttpContract.OfRepository.Operations.SelectMany(operation => operation.Statuses.Select(status => (operation.Id, status)))
            .Should().Contain(Elsewhere.Keys);

    [Fact]
    public async Task The_contract_is_served_byte_for_byte()
    {
        byte[] served = await _http.Client.GetByteArrayAsync("/openapi.yaml");
        byte[] file = await File.ReadAllBytesAsync(Repository.File("openapi.yaml"));
        served.AsSpan().SequenceEqual(file).Should().BeTrue();
    }

    private async Task<HttpResponseMessage> Provoke(string operation, int status) => status switch
    {
        401 => await Send(_http.Tcp(token: null), await Good(operation)),
        403 => await Forbidden(operation),
        421 => await Misdirected(operation),
        404 => await Send(_http.Client, await Good(operation, id: long.MaxValue)),
        415 => await Send(_http.Client, With(await Good(operation), new StringContent("x", Encoding.UTF8, "text/plain"))),
        413 => await TooLarge(operation),
        400 when WithBody.Contains(operation, StringComparer.Ordinal) || WithScheduleBody.Contains(operation, StringComparer.Ordinal) => await Send(_http.Client, With(await Good(operation), Requests.Json("{"))),
        400 when WithQuery.Contains(operation, StringComparer.Ordinal) => await Send(_http.Client, await Good(operation, query: "?unheard=of")),
        _ => await Special(operation, status),
    };

    private async Task<HttpResponseMessage> Special(string operation, int status)
    {
        HttpClient client = _http.Client;
        switch (operation, status)
        {
            case ("submitJob", 200):
                return await client.PostAsync("/v1/jobs?wait=60", Requests.Json(Requests.Shell("exit 0")));
            case ("submitJob" or "exec", 422):
                return await client.PostAsync(operation == "exec" ? "/v1/exec" : "/v1/jobs", Requests.Json("""{"kind":"shell"}"""));
            case ("runService", 200):
                return await client.PostAsync("/v1/services/echo/run?wait=60", Requests.Json("""{"arguments":["a"]}"""));
            case ("runService", 409):
                await client.PostAsync("/v1/services/sleep/run", Requests.Json("{}"));
                (await client.PostAsync("/v1/queues/service:sleep/drain", content: null)).EnsureSuccessStatusCode();
                HttpResponseMessage refused = await client.PostAsync("/v1/services/sleep/run", Requests.Json("{}"));
                (await client.PostAsync("/v1/queues/service:sleep/resume", content: null)).EnsureSuccessStatusCode();
                return refused;
            case ("runService", 422):
                return await client.PostAsync("/v1/services/echo/run", Requests.Json("""{"parameters":{"heigth":3}}"""));
            case ("submitJob", 409):
                await client.Submit("true", $"{Later},\"key\":\"taken\"");
                return await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", "\"key\":\"taken\",\"keyPolicy\":\"skip\"")));
            case ("patchJob", 409):
                return await client.PatchAsync($"/v1/jobs/{await Ended()}", Requests.Json("{}"));
            case ("patchJob", 412):
                HttpRequestMessage older = await Good(operation);
                older.Headers.IfMatch.Add(new EntityTagHeaderValue("\"99\""));
                return await client.SendAsync(older);
            case ("patchJob", 422):
                return await client.PatchAsync($"/v1/jobs/{await Ended()}", Requests.Json("""{"priority":5000}"""));
            case ("rerunJob", 409):
                return await client.PostAsync($"/v1/jobs/{(await client.SubmitToEnd("cat", "\"stdin\":\"YQ==\"")).Long("id")}/rerun", content: null);
            case ("putQueue", 200):
                return await client.PutAsync("/v1/queues/default", Requests.Json("{}"));
            case ("putQueue", 422):
                return await client.PutAsync("/v1/queues/none", Requests.Json("""{"concurrency":0}"""));
            case ("deleteQueue", 409):
                await client.Submit("true", $"{Later},\"queue\":\"full\"");
                return await client.DeleteAsync("/v1/queues/full");
            case ("getJob", 304):
                HttpRequestMessage known = await Good(operation);
                known.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                return await client.SendAsync(known);
            case ("deleteJob", 409):
                return await client.DeleteAsync($"/v1/jobs/{await Sleeping()}");
            case ("cancelJob", 202):
                // It ignores SIGTERM, so that it is still being ended when the answer is made.
                long stubborn = await client.SubmitRunning("trap '' TERM; echo ready; sleep 600; sleep 600", "\"killGraceSeconds\":5");
                await Eventually.Holds(async () => (await client.GetStringAsync($"/v1/jobs/{stubborn}/stdout")).Length > 0, "the trap is set");
                return await client.PostAsync($"/v1/jobs/{stubborn}/cancel", content: null);
            case ("submitBatch", 409):
                await client.PutAsync("/v1/queues/drained", Requests.Json("{}"));
                await client.PostAsync("/v1/queues/drained/drain", content: null);
                return await client.PostAsync("/v1/batches", Requests.Json("""{"items":[{"command":"true","queue":"drained"}]}"""));
            case ("submitBatch", 422):
                return await client.PostAsync("/v1/batches", Requests.Json("""{"items":[{"command":"true"},{"command":""}]}"""));
            case ("bulkJobs", 422):
                return await client.PostAsync("/v1/jobs/bulk", Requests.Json("""{"action":"cancel","filter":{}}"""));
            case ("signalJob", 204):
                return await client.PostAsync($"/v1/jobs/{await Sleeping()}/signal", Requests.Json("""{"signal":"KILL"}"""));
            case ("signalJob", 409):
                return await client.PostAsync($"/v1/jobs/{await Ended()}/signal", Requests.Json("""{"signal":"TERM"}"""));
            case ("signalJob", 422):
                return await client.PostAsync($"/v1/jobs/{await Ended()}/signal", Requests.Json("""{"signal":"NONE"}"""));
            case ("putStdin", 204):
                return await client.PutAsync($"/v1/jobs/{await client.Submit("cat", "\"stdinMode\":\"stream\"")}/stdin?eof=true", Requests.Bytes("x"u8));
            case ("putStdin", 409):
                return await client.PutAsync($"/v1/jobs/{await Ended()}/stdin", Requests.Bytes("x"u8));
            case ("getStdout" or "getStderr" or "getOutput", 206 or 416):
                HttpRequestMessage part = await Good(operation);
                part.Headers.Range = new RangeHeaderValue(status == 206 ? 0 : 1_000_000, to: null);
                return await client.SendAsync(part);
            case ("getResult" or "getRows", 409):
                return await client.GetAsync($"/v1/jobs/{await Ended()}/{(operation == "getRows" ? "rows" : "result")}");
            case ("followJob", 204 or 400):
                HttpRequestMessage again = await Good(operation);
                again.Headers.Add("Last-Event-ID", status == 204 ? again.RequestUri!.OriginalString.Split('/')[3] + ".end" : "1.none");
                return await client.SendAsync(again);
            case ("putHost", 200):
                await client.PutAsync("/v1/hosts/twice", Requests.Json(Host));
                return await client.PutAsync("/v1/hosts/twice", Requests.Json(Host));
            case ("putHost" or "deleteHost", 409):
                return await client.SendAsync(await Good(operation, name: "local"));
            case ("putHost", 422):
                return await client.PutAsync("/v1/hosts/none", Requests.Json("""{"address":"none"}"""));
            case ("checkPipeline", 422):
                return await client.PostAsync("/v1/pipelines/check", Requests.Json("""{"pipeline":""}"""));
            default:
                return await OfSchedules(operation, status);
        }
    }

    /// <summary>A request that would be answered well.</summary>
    private async Task<HttpRequestMessage> Good(string operation, long? id = null, string query = "", string? name = null, string? session = null)
    {
        ContractOperation found = HttpContract.OfRepository.Operations.Single(each => each.Id == operation);
        string path = found.Path;
        if (path.StartsWith("/v1/sessions/{id}", StringComparison.Ordinal))
        {
            path = path.Replace("{id}", session ?? (id is null ? await Session() : "0"), StringComparison.Ordinal);
        }
        else if (path.StartsWith("/v1/schedules/{name}", StringComparison.Ordinal))
        {
            path = path.Replace("{name}", id is null ? await ScheduleFor(operation) : "nowhere", StringComparison.Ordinal);
        }
        else if (path.Contains("{id}", StringComparison.Ordinal))
        {
            path = path.Replace("{id}", $"{id ?? await JobFor(operation)}", StringComparison.Ordinal);
        }
        else if (path.Contains("{name}", StringComparison.Ordinal))
        {
            path = path.Replace("{name}", name ?? (id is null ? await NameFor(operation) : "nowhere"), StringComparison.Ordinal);
        }

        return new HttpRequestMessage(found.Method, path + query)
        {
            Content = operation switch
            {
                "submitJob" or "exec" => Requests.Json(Requests.Shell("exit 0")),
                "submitBatch" => Requests.Json("""{"items":[{"command":"true"}]}"""),
                "bulkJobs" => Requests.Json("""{"action":"cancel","ids":[1]}"""),
                "signalJob" => Requests.Json("""{"signal":"TERM"}"""),
                "putHost" => Requests.Json(Host),
                "patchJob" => Requests.Json("""{"priority":1}"""),
                "putQueue" => Requests.Json("""{"concurrency":2}"""),
                "checkPipeline" => Requests.Json("""{"pipeline":"ls | head 3"}"""),
                "runService" => Requests.Json("""{"arguments":["1"]}"""),
                "putStdin" => Requests.Bytes("x"u8),
                _ => ScheduleBody(operation) is { } body ? Requests.Json(body) : null,
            },
        };
    }

    // What only looks has no rule about pages, and there is no token yet with less than every scope: another user is refused there.
    private async Task<HttpResponseMessage> Forbidden(string operation)
    {
        HttpRequestMessage request = await Good(operation);
        if (request.Method != HttpMethod.Get)
        {
            request.Headers.Add("Origin", "http://example.org");
            return await Send(_http.Client, request);
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be another user");
        return await OtherUser.Get(_http, request.RequestUri!.OriginalString);
    }

    private async Task<HttpResponseMessage> Misdirected(string operation)
    {
        HttpRequestMessage request = await Good(operation);
        request.Headers.Host = "example.org";
        return await Send(_http.Client, request);
    }

    // It asks before it sends: a client in the middle of its body finds the connection closed rather than an answer.
    private async Task<HttpResponseMessage> TooLarge(string operation)
    {
        HttpRequestMessage request = With(await Good(operation), Requests.Json(new string(' ', (4 * 1024 * 1024) + 1)));
        request.Headers.ExpectContinue = true;
        return await Send(_http.Client, request);
    }

    private async Task<long> Evaluated() => (await _http.Client.PipelineToEnd("echo a")).Long("id");

    private async Task<long> JobFor(string operation) => operation switch
    {
        "getResult" or "getRows" => await Evaluated(),
        "getBatch" or "cancelBatch" => await Batch(),
        "patchJob" => await _http.Client.Submit("true", Later),
        _ => await Ended(),
    };

    // Each is used once: what is put is new, and what is deleted has been put.
    private async Task<string> NameFor(string operation)
    {
        if (operation == "runService")
        {
            return ObligingSubserver.Sleep;
        }

        string name = operation == "probeHost" ? "local" : $"h{Interlocked.Increment(ref _hosts)}";
        if (operation.EndsWith("Queue", StringComparison.Ordinal) && operation != "putQueue")
        {
            using HttpResponseMessage put = await _http.Client.PutAsync($"/v1/queues/{name}", Requests.Json("{}"));
            put.StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
        }

        if (operation == "deleteHost")
        {
            using HttpResponseMessage put = await _http.Client.PutAsync($"/v1/hosts/{name}", Requests.Json(Host));
            put.StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
        }

        return name;
    }

    private async Task<long> Ended() => (await _http.Client.SubmitToEnd("echo out; echo err >&2")).Long("id");

    private async Task<long> Batch()
    {
        using HttpResponseMessage response = await _http.Client.PostAsync("/v1/batches", Requests.Json("""{"items":[{"command":"true"}]}"""));
        return (await response.Body()).Long("id");
    }

    private Task<long> Sleeping() => _http.Client.SubmitRunning("sleep 600");

    private static HttpRequestMessage With(HttpRequestMessage request, HttpContent content)
    {
        request.Content = content;
        return request;
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, HttpRequestMessage request) => client.SendAsync(request);
}
