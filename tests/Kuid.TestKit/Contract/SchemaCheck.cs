using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Kuid.TestKit.Contract;

/// <summary>Holds a JSON value against a schema and says everything that is wrong with it.</summary>
/// <remarks>It knows the keywords in <see cref="Keywords"/>; the contract uses no other, which a test sees to.</remarks>
public static class SchemaCheck
{
    /// <summary>The keywords that say something about values and are looked at here.</summary>
    public static IReadOnlySet<string> Keywords { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "type", "nullable", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "items", "minItems", "maxItems", "properties", "required", "additionalProperties", "maxProperties",
    };

    /// <summary>Checks a value.</summary>
    /// <param name="pointer">The JSON Pointer of the value.</param>
    public static IEnumerable<Violation> Check(JsonElement value, IOpenApiSchema schema, string pointer = "")
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.Type is { } allowed && !IsOfType(value, allowed))
        {
            return [new Violation(pointer, Words(allowed), Show(value))];
        }

        IEnumerable<Violation> inEnum = value.ValueKind != JsonValueKind.Null && schema.Enum is { Count: > 0 } words
            && !words.Any(word => JsonNode.DeepEquals(word, JsonNode.Parse(value.GetRawText())))
            ? [new Violation(pointer, $"one of {string.Join(", ", words.Select(w => w.ToJsonString()))}", Show(value))]
            : [];
        return inEnum.Concat(value.ValueKind switch
        {
            JsonValueKind.String => ScalarCheck.String(value.GetString()!, schema, pointer),
            JsonValueKind.Number => ScalarCheck.Number(value, schema, pointer),
            JsonValueKind.Array => Array(value, schema, pointer),
            JsonValueKind.Object => Object(value, schema, pointer),
            _ => [],
        });
    }

    /// <summary>A value as a message shows it.</summary>
    internal static string Show(JsonElement value) =>
        value.GetRawText() is { Length: > 120 } text ? $"{text[..120]}..." : value.GetRawText();

    /// <summary>Two bounds in words.</summary>
    internal static string Span(int? least, int? most) => most is null ? $"at least {least}" : $"{least ?? 0} to {most}";

    private static IEnumerable<Violation> Array(JsonElement array, IOpenApiSchema schema, string pointer)
    {
        int count = array.GetArrayLength();
        if (count < schema.MinItems || count > schema.MaxItems)
        {
            yield return new Violation(pointer, $"{Span(schema.MinItems, schema.MaxItems)} items", $"{count}");
        }

        foreach (Violation violation in array.EnumerateArray().SelectMany((item, index) => schema.Items is null
            ? [] : Check(item, schema.Items, $"{pointer}/{index}")))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Object(JsonElement value, IOpenApiSchema schema, string pointer)
    {
        foreach (string name in (schema.Required ?? new HashSet<string>(StringComparer.Ordinal)).Where(n => !value.TryGetProperty(n, out _)))
        {
            yield return new Violation(Below(pointer, name), "this member, which is required", "none");
        }

        if (value.GetPropertyCount() > schema.MaxProperties)
        {
            yield return new Violation(pointer, $"at most {schema.MaxProperties} members", $"{value.GetPropertyCount()}");
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            IOpenApiSchema? its = schema.Properties is { } properties && properties.TryGetValue(member.Name, out IOpenApiSchema? own)
                ? own
                : schema.AdditionalProperties;
            IEnumerable<Violation> violations = its is not null ? Check(member.Value, its, Below(pointer, member.Name))
                : schema.AdditionalPropertiesAllowed ? []
                : [new Violation(Below(pointer, member.Name), "no such member", Show(member.Value))];
            foreach (Violation violation in violations)
            {
                yield return violation;
            }
        }
    }

    // RFC 6901: ~ and / are written ~0 and ~1 within a segment.
    private static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static bool IsOfType(JsonElement value, JsonSchemaType allowed) => value.ValueKind switch
    {
        JsonValueKind.Null => allowed.HasFlag(JsonSchemaType.Null),
        JsonValueKind.True or JsonValueKind.False => allowed.HasFlag(JsonSchemaType.Boolean),
        JsonValueKind.String => allowed.HasFlag(JsonSchemaType.String),
        JsonValueKind.Array => allowed.HasFlag(JsonSchemaType.Array),
        JsonValueKind.Object => allowed.HasFlag(JsonSchemaType.Object),
        // Clients read an integer with the parser for integers, so 1.0 and 1e3 are none.
        JsonValueKind.Number => allowed.HasFlag(JsonSchemaType.Number)
            || (allowed.HasFlag(JsonSchemaType.Integer) && value.GetRawText().AsSpan().IndexOfAny(".eE") < 0),
        _ => false,
    };

    private static string Words(JsonSchemaType allowed)
    {
        string type = $"{allowed & ~JsonSchemaType.Null}".ToLowerInvariant();
        return allowed.HasFlag(JsonSchemaType.Null) ? $"{type} or null" : type;
    }
}
