using System.Net;
using System.Text.Json;

namespace Kuid.Faults.Tests.Load;

/// <summary>What clients do with several jobs or with something that stays: batches, schedules, the shell of a coprocess session.</summary>
internal sealed class GroupTraffic(LoadedDaemon daemon, LoadLedger ledger, HttpTraffic http)
{
    internal const string Schedule = "load";

    /// <summary>What the schedule that is triggered needs.</summary>
    internal async Task PrepareAsync()
    {
        using HttpResponseMessage response = await daemon.Http.PutAsync(
            $"/v1/schedules/{Schedule}", Requests.Json("""{"everySeconds":86400,"overlap":"queue","job":{"command":"echo tick"}}"""));
        response.EnsureSuccessStatusCode();
    }

    internal async Task Batch(Dice dice)
    {
        int failing = dice.Below(3);
        string items = string.Join(',', Enumerable.Range(0, 3).Select(i => $$"""{"command":"exit {{(i == failing ? 1 : 0)}}"}"""));
        JsonElement batch = await http.Post("/v1/batches", $$"""{"items":[{{items}}],"maxParallel":2}""", HttpStatusCode.Accepted);
        long[] ids = [.. batch.GetProperty("jobIds").EnumerateArray().Select(id => id.GetInt64())];
        foreach (long id in ids)
        {
            ledger.Accepted[id] = true;
        }

        for (int i = 0; i < ids.Length; i++)
        {
            HttpTraffic.Expect(await http.Ended(ids[i]), i == failing ? "failed" : "succeeded");
        }
    }

    internal async Task Trigger(Dice dice)
    {
        long id = (await http.Post($"/v1/schedules/{Schedule}/trigger", "{}", HttpStatusCode.Accepted)).Long("id");
        ledger.Accepted[id] = true;
        HttpTraffic.Expect(await http.Ended(id), "succeeded");
    }

    /// <summary>A session of one's own: a variable stays from one evaluation to the next.</summary>
    internal async Task Coprocess(Dice dice)
    {
        int number = dice.Below(1_000_000);
        using var wire = new Wire(daemon.CoprocessSocket);
        using var streams = new Streams();
        await IsAnswer(wire, $"EVAL x={number}", "OK 0", streams);
        await IsAnswer(wire, "EVAL echo $x", "OK 0", streams);
        await IsAnswer(wire, "EVAL (exit 7)", "OK 7", streams);
        string written = await streams.Written();
        if (written != $"{number}\n")
        {
            throw new WrongAnswerException($"the session wrote '{written}', not {number}");
        }
    }

    private static async Task IsAnswer(Wire wire, string request, string expected, Streams streams)
    {
        string? answer = await wire.Ask(request, streams.All);
        if (answer != expected)
        {
            throw answer is null || answer.StartsWith("ERROR", StringComparison.OrdinalIgnoreCase)
                ? new RefusedException($"{request}: {answer ?? "no answer"}")
                : new WrongAnswerException($"{request}: {answer} came, not {expected}");
        }
    }
}
