using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid status</c>: how the daemon is, on a page.</summary>
internal static class Status
{
    private const string Details =
        "Its version, whether it takes jobs and what is wrong where it does not (then the exit code is 125), its queues, and how many jobs "
        + "have not ended.";

    private static readonly string[] Formats = ["table", "json", "ndjson"];

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Option<string?> output = Operands.OneOf("--output", "-o", "FORMAT", "How to print", "table", Formats);
        var verb = new Verb("status", "Show the daemon's health, queues and jobs.", Details) { Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            string format = Operands.ReadWord("--output", words.GetValue(output), Formats) ?? Formats[0];
            using DaemonClient daemon = daemonOptions.Open(words);
            JsonElement version = await daemon.DocumentAsync("v1/version", cancellation);
            JsonElement readiness = await ReadinessAsync(daemon, cancellation);
            List<JsonElement> queues = await daemon.DocumentsAsync("v1/queues", cancellation);
            JsonElement[] running = [.. (await daemon.DocumentsAsync("v1/jobs?limit=500&state=running,canceling", cancellation))];
            if (format == Formats[0])
            {
                PrintPage(daemon, version, readiness, queues, running.Length);
            }
            else
            {
                Printer.PrintDocument(Document(version, readiness, queues, running.Length), indented: format == "json");
            }

            return readiness.GetProperty("status").GetString() == "ok" ? ExitCode.Ok : ExitCode.Failure;
        });
        return verb;
    }

    // The one answer above 399 that is no problem: it says what is wrong.
    private static async Task<JsonElement> ReadinessAsync(DaemonClient daemon, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "readyz");
        using HttpResponseMessage response = await daemon.RawAsync(request, cancellation);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
            ? JsonSerializer.Deserialize(body, WireContext.Default.JsonElement)
            : throw new ProblemException(response.StatusCode, new Problem { Title = "the daemon does not tell how it is" });
    }

    private static void PrintPage(DaemonClient daemon, JsonElement version, JsonElement readiness, List<JsonElement> queues, int running)
    {
        string[] failed =
        [
            .. readiness.GetProperty("checks").EnumerateArray()
                .Where(check => check.GetProperty("status").GetString() != "ok")
                .Select(check => Visible.Of($"{check.GetProperty("name")}: {check.GetProperty("detail")}")),
        ];
        string health = failed.Length == 0 ? "takes jobs" : $"takes none: {string.Join("; ", failed)}";
        string runtime = $"{Member.Of("runtime")(version)}, {Member.Of("store")(version)}";
        Printer.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"kuid-jobd {Member.Of("version")(version)} at {daemon.Address}: {health}\n{runtime}\njobs running: {running}\n\n"));
        Printer.PrintList(queues, QueueListing.Listing, OutputFormat.Table);
    }

    private static byte[] Document(JsonElement version, JsonElement readiness, List<JsonElement> queues, int running) => JsonBody.Of(json =>
    {
        json.WritePropertyName("version");
        version.WriteTo(json);
        json.WritePropertyName("readiness");
        readiness.WriteTo(json);
        json.WriteNumber("running", running);
        json.WriteStartArray("queues");
        queues.ForEach(queue => queue.WriteTo(json));
        json.WriteEndArray();
    });
}
