using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid batch submit</c>: submissions from a file.</summary>
internal static class BatchSubmit
{
    // The daemon's bound, which is also that of a batch.
    private const int MostJobs = 1000;
    private const string StandardInput = "-";
    private const string Items = "items";

    private const string Details =
        "FILE has submissions as the HTTP API knows them: one a line (NDJSON), an array, or a whole request {\"items\": [...]}. All of them are "
        + "accepted, or none. An item waits for others of the same file by their indices from 0: \"afterItems\": [0, 2].\n\n"
        + "Example: printf '{\"command\":\"make %s\"}\\n' lint test | kuid batch submit --max-parallel 1 --stop-on-failure";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions, Resource resource)
    {
        var file = new Argument<string?>("FILE") { Description = "The file, - for standard input, which is the default.", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "A name for people.", HelpName = "NAME" };
        var maxParallel = new Option<string?>("--max-parallel") { Description = "How many of its jobs run at once. Default: as the queues allow.", HelpName = "N" };
        var stopOnFailure = new Option<bool>("--stop-on-failure") { Description = "Cancel those that wait when one fails." };
        Option<string?> output = Operands.Output("id");
        var verb = new Verb("submit", "Submit the jobs of a file in one transaction and print the batch's id.", Details)
        {
            Arguments = { file },
            Options = { name, maxParallel, stopOnFailure, output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Id;
            long? parallel = Operands.ReadNumber("--max-parallel", words.GetValue(maxParallel), 1, MostJobs);
            string source = words.GetValue(file) ?? StandardInput;
            using JsonDocument request = Read(source);
            using DaemonClient daemon = daemonOptions.Open(words);
            byte[] body = JsonBody.Of(json =>
            {
                foreach (JsonProperty member in request.RootElement.EnumerateObject())
                {
                    member.WriteTo(json);
                }

                JsonBody.WriteUnlessNull(json, "name", words.GetValue(name));
                if (parallel is { } number)
                {
                    json.WriteNumber("maxParallel", number);
                }

                JsonBody.WriteIfTrue(json, "stopOnFailure", words.GetValue(stopOnFailure));
            });
            JsonElement? batch = await daemon.DoAsync(HttpMethod.Post, resource.All, body, cancellation);
            Printer.PrintOne(batch!.Value, resource.Listing, format);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static JsonDocument Read(string source)
    {
        string name = source == StandardInput ? "standard input" : source;
        try
        {
            byte[] text = source == StandardInput ? Descriptor.ReadAll(Descriptor.Stdin) : File.ReadAllBytes(source);
            return Parse(text) ?? throw new FailureException($"{name} has no submissions");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{name}: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new FailureException($"{name}: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: this is no JSON");
        }
    }

    /// <summary>The request that a file's submissions make.</summary>
    /// <returns>An object with <c>items</c>; null when there are none.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static JsonDocument? Parse(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true });
        var documents = new List<JsonElement>();
        while (reader.Read())
        {
            documents.Add(JsonElement.ParseValue(ref reader));
        }

        return documents switch
        {
            [] => null,
            [{ ValueKind: JsonValueKind.Object } one] when one.TryGetProperty(Items, out _) => JsonDocument.Parse(one.GetRawText()),
            [{ ValueKind: JsonValueKind.Array } array] => Request([.. array.EnumerateArray()]),
            _ => Request(documents),
        };
    }

    private static JsonDocument Request(IReadOnlyList<JsonElement> items) => JsonDocument.Parse(JsonBody.Of(json =>
    {
        json.WriteStartArray(Items);
        foreach (JsonElement item in items)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
    }));
}
