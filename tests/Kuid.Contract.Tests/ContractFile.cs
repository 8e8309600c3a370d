using System.Text.Json.Nodes;

namespace Kuid.Contract.Tests;

/// <summary>openapi.yaml as the JSON that it stands for, to look at what is written and not at what a reader fills in.</summary>
internal static class ContractFile
{
    internal static HttpContract Contract => HttpContract.OfRepository;

    internal static JsonNode Source => Contract.Source;

    /// <summary>Every object in the file, with its JSON Pointer.</summary>
    internal static IEnumerable<(string Pointer, JsonObject Node)> Objects => Below(Source, string.Empty);

    /// <summary>Every schema in the file: the named ones, those of parameters, headers and bodies, and those within schemas.</summary>
    internal static IEnumerable<(string Pointer, JsonObject Schema)> Schemas =>
        Roots().SelectMany(root => Within(root.Pointer, root.Schema));

    /// <summary>What a node is, following its reference.</summary>
    internal static JsonObject Resolve(JsonNode node) => node["$ref"] is { } reference
        ? Resolve(At($"{reference}"[1..]) ?? throw new FormatException($"{reference} leads nowhere"))
        : node.AsObject();

    /// <summary>What a JSON Pointer leads to; null when that is nothing.</summary>
    internal static JsonNode? At(string pointer) => pointer.Split('/').Skip(1).Aggregate(
        (JsonNode?)Source, (node, name) => node?[name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)]);

    /// <summary>The responses of an operation, by status, their references followed.</summary>
    internal static IEnumerable<(int Status, JsonObject Response)> Responses(ContractOperation operation) =>
        Source["paths"]![operation.Path]![operation.Method.Method.ToLowerInvariant()]!["responses"]!.AsObject()
            .Select(pair => (int.Parse(pair.Key, System.Globalization.CultureInfo.InvariantCulture), Resolve(pair.Value!)));

    private static IEnumerable<(string Pointer, JsonObject Schema)> Roots() =>
    [
        .. Source["components"]!["schemas"]!.AsObject().Select(pair => ($"/components/schemas/{pair.Key}", pair.Value!.AsObject())),
        .. Objects.Where(o => o.Node["schema"] is JsonObject && !o.Pointer.Contains("/examples/", StringComparison.Ordinal)).Select(o => ($"{o.Pointer}/schema", o.Node["schema"]!.AsObject())),
    ];

    private static IEnumerable<(string Pointer, JsonObject Schema)> Within(string pointer, JsonObject schema)
    {
        (string, JsonNode?)[] inner =
        [
            .. (schema["properties"] as JsonObject ?? []).Select(pair => ($"{pointer}/properties/{pair.Key}", pair.Value)),
            ($"{pointer}/items", schema["items"]),
            ($"{pointer}/additionalProperties", schema["additionalProperties"]),
        ];
        return inner.Where(i => i.Item2 is JsonObject).SelectMany(i => Within(i.Item1, i.Item2!.AsObject())).Prepend((pointer, schema));
    }

    private static IEnumerable<(string Pointer, JsonObject Node)> Below(JsonNode? node, string pointer) => node switch
    {
        JsonObject members => members.SelectMany(m => Below(m.Value, $"{pointer}/{m.Key.Replace("/", "~1", StringComparison.Ordinal)}"))
            .Prepend((pointer, members)),
        JsonArray items => items.SelectMany((item, index) => Below(item, $"{pointer}/{index}")),
        _ => [],
    };
}
