using System.Net;
using System.Text;
using System.Text.Json;

namespace Kuid.Faults.Tests.Load;

/// <summary>What clients of the HTTP door do with one job.</summary>
internal sealed class HttpTraffic(LoadedDaemon daemon, LoadLedger ledger)
{
    private readonly HttpClient _http = daemon.Http;

    internal async Task SubmitAndPoll(Dice dice)
    {
        int code = dice.Below(4);
        string word = $"w{dice.Below(1_000_000)}";
        JsonElement job = await Ended(await Submit($"echo {word}; exit {code}"));
        Expect(job, code == 0 ? "succeeded" : "failed");
        if (job.Long("exitCode") != code)
        {
            throw new WrongAnswerException($"exit code {code} was expected: {job}");
        }

        await IsOutput(job.Long("id"), word + "\n");
    }

    internal async Task Exec(Dice dice)
    {
        string word = $"w{dice.Below(1_000_000)}";
        JsonElement result = await Post("/v1/exec", Requests.Shell($"echo {word}; exit 3"), HttpStatusCode.OK);
        Disturbed(result);
        if (result.Text("stdout") != word + "\n" || result.Long("exitCode") != 3)
        {
            throw new WrongAnswerException($"{word} and 3 were expected: {result}");
        }
    }

    internal async Task Cancel(Dice dice)
    {
        long id = await Submit("exec sleep 100");
        await Task.Delay(dice.Below(30));
        (await Answer(await _http.PostAsync($"/v1/jobs/{id}/cancel", content: null))).Dispose();
        Expect(await Ended(id), "canceled");
    }

    internal async Task Follow(Dice dice)
    {
        int lines = 1 + dice.Below(4);
        long id = await Submit($"for i in $(seq {lines}); do echo line $i; sleep 0.01; done");
        using HttpResponseMessage response = await Answer(
            await _http.GetAsync($"/v1/jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead), HttpStatusCode.OK);
        List<ServerEvent> events = [];
        await foreach (ServerEvent each in ServerEvent.Of(await response.Content.ReadAsStreamAsync()))
        {
            events.Add(each);
        }

        if (events.Count == 0 || events[^1].Type != "end")
        {
            throw new RefusedException($"the events of job {id} broke off after {events.Count}");
        }

        Expect(events[^1].Json, "succeeded");
        string output = Encoding.UTF8.GetString(ServerEvent.Output(events, "stdout"));
        string expected = string.Concat(Enumerable.Range(1, lines).Select(i => $"line {i}\n"));
        if (output != expected)
        {
            throw new WrongAnswerException($"the events of job {id} have the output '{output}'");
        }
    }

    internal async Task Pipeline(Dice dice)
    {
        string word = $"w{dice.Below(1_000_000)}";
        JsonElement job = await Post("/v1/jobs", Requests.Pipeline($"echo {word}"), HttpStatusCode.Accepted);
        ledger.Accepted[job.Long("id")] = true;
        Expect(await Ended(job.Long("id")), "succeeded");
        JsonElement result = (await Get($"/v1/jobs/{job.Long("id")}/result")).Body;
        if (!result.GetRawText().Contains(word, StringComparison.Ordinal))
        {
            throw new WrongAnswerException($"{word} was expected in {result}");
        }
    }

    internal async Task Service(Dice dice)
    {
        string word = $"w{dice.Below(1_000_000)}";
        JsonElement job = await Post("/v1/services/echo/run?wait=60", $$"""{"arguments":["{{word}}"]}""", HttpStatusCode.OK, HttpStatusCode.Accepted);
        ledger.Accepted[job.Long("id")] = true;
        Expect(await Ended(job.Long("id")), "succeeded");
        await IsOutput(job.Long("id"), $"{word} 1\n", $"{word}\n");
    }

    /// <summary>Submits a command.</summary>
    internal async Task<long> Submit(string command)
    {
        long id = (await Post("/v1/jobs", Requests.Shell(command), HttpStatusCode.Accepted)).Long("id");
        ledger.Accepted[id] = true;
        return id;
    }

    /// <summary>Waits until a job has ended.</summary>
    internal async Task<JsonElement> Ended(long id)
    {
        while (true)
        {
            JsonElement job = (await Get($"/v1/jobs/{id}?wait=5")).Body;
            if (job.Text("state") is "succeeded" or "failed" or "canceled" or "lost")
            {
                return job;
            }
        }
    }

    internal async Task<JsonElement> Post(string path, string json, params HttpStatusCode[] expected)
    {
        using HttpResponseMessage response = await Answer(await _http.PostAsync(path, Requests.Json(json)), expected);
        return await response.Body();
    }

    internal async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path)
    {
        using HttpResponseMessage response = await Answer(await _http.GetAsync(path), HttpStatusCode.OK);
        return (response.StatusCode, await response.Body());
    }

    /// <summary>A job that the daemon could not start, or whose output it could not keep, is a refusal that comes late.</summary>
    internal static void Expect(JsonElement job, string state)
    {
        Disturbed(job);
        if (job.Text("state") != state)
        {
            throw new WrongAnswerException($"{state} was expected: {job}");
        }
    }

    private static void Disturbed(JsonElement job)
    {
        if (job.Text("reason") is "spawn" or "spool" or "stdin" || job.TryGetProperty("outputIncomplete", out JsonElement incomplete) && incomplete.ValueKind == JsonValueKind.True)
        {
            throw new RefusedException($"a job was not run: {job}");
        }
    }

    private async Task IsOutput(long id, params string[] allowed)
    {
        using HttpResponseMessage response = await Answer(await _http.GetAsync($"/v1/jobs/{id}/stdout"), HttpStatusCode.OK);
        string output = await response.Content.ReadAsStringAsync();
        if (!allowed.Contains(output))
        {
            throw new WrongAnswerException($"job {id} has written '{output}', not '{allowed[0]}'");
        }
    }

    private static async Task<HttpResponseMessage> Answer(HttpResponseMessage response, params HttpStatusCode[] expected)
    {
        if (expected.Length == 0 ? response.IsSuccessStatusCode : expected.Contains(response.StatusCode))
        {
            return response;
        }

        string what = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        response.Dispose();
        throw (int)response.StatusCode is 410 or 429 or 503 or 507 ? new RefusedException(what) : new WrongAnswerException(what);
    }
}
