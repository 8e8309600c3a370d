using System.Globalization;
using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>Which jobs are meant: the daemon's own filters, each under its name there.</summary>
/// <param name="Members">The filters with their values, several of which stand for any of them (<c>state</c>) or all (<c>label</c>).</param>
internal sealed record JobFilter(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Members)
{
    private const string State = "state";
    private const string Label = "label";

    /// <summary>Whether all jobs pass.</summary>
    internal bool IsEmpty => Members.Count == 0;

    /// <summary>For a query: each with an ampersand in front.</summary>
    internal string Query => string.Concat(Members.Select(member => member.Key == Label
        ? string.Concat(member.Value.Select(label => $"&{Label}={Uri.EscapeDataString(label)}"))
        : $"&{member.Key}={string.Join(',', member.Value.Select(Uri.EscapeDataString))}"));

    /// <summary>With states, unless it has some.</summary>
    internal JobFilter OrStates(IReadOnlyList<string> states) =>
        Members.Any(member => member.Key == State) ? this : new JobFilter([KeyValuePair.Create(State, states), .. Members]);

    /// <summary>Whether a job passes all of them, as the daemon would decide it.</summary>
    internal bool Passes(Job job) => Members.All(member => member.Key switch
    {
        State => member.Value.Contains(job.State, StringComparer.Ordinal),
        Label => member.Value.All(label => HasLabel(job, label)),
        "q" => ((string?[])[job.Command, job.Pipeline, job.Name, .. job.Argv ?? []]).Any(text => text?.Contains(member.Value[0], StringComparison.Ordinal) == true),
        "createdAfter" => job.CreatedAt > DateTimeOffset.Parse(member.Value[0], CultureInfo.InvariantCulture),
        "createdBefore" => job.CreatedAt < DateTimeOffset.Parse(member.Value[0], CultureInfo.InvariantCulture),
        _ => job.Document.TryGetProperty(member.Key, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(member.Value[0]),
    });

    /// <summary>For a body.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach ((string name, IReadOnlyList<string> values) in Members)
        {
            if (name is not (State or Label))
            {
                json.WriteString(name, values[0]);
                continue;
            }

            json.WriteStartArray(name);
            foreach (string value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static bool HasLabel(Job job, string label)
    {
        string[] pair = label.Split('=', 2);
        return job.Document.TryGetProperty("labels", out JsonElement labels)
            && labels.ValueKind == JsonValueKind.Object
            && labels.TryGetProperty(pair[0], out JsonElement value)
            && (pair.Length == 1 || value.ValueEquals(pair[1]));
    }
}
