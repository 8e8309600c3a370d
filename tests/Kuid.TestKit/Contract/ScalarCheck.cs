using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Kuid.TestKit.Contract;

/// <summary>The part of a schema that is about strings and numbers: formats, patterns, lengths, bounds.</summary>
internal static partial class ScalarCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static IEnumerable<Violation> String(string text, IOpenApiSchema schema, string pointer)
    {
        string shown = SchemaCheck.Show(JsonSerializer.SerializeToElement(text));

        // JSON Schema counts characters of Unicode, not UTF-16 units.
        int length = text.EnumerateRunes().Count();
        if (length < schema.MinLength || length > schema.MaxLength)
        {
            yield return new Violation(pointer, $"{SchemaCheck.Span(schema.MinLength, schema.MaxLength)} characters", $"{length}");
        }

        if (schema.Pattern is { } pattern && !Regex.IsMatch(text, AsInJavaScript(pattern), RegexOptions.CultureInvariant, Patience))
        {
            yield return new Violation(pointer, $"a string like {pattern}", shown);
        }

        if (!HasFormat(text, schema.Format))
        {
            yield return new Violation(pointer, Describe(schema.Format!), shown);
        }
    }

    internal static IEnumerable<Violation> Number(JsonElement number, IOpenApiSchema schema, string pointer)
    {
        bool fits = schema.Format switch
        {
            "int32" => number.TryGetInt32(out _),
            "int64" => number.TryGetInt64(out _),
            "double" => double.IsFinite(number.GetDouble()),
            null => true,
            _ => false,
        };
        double value = number.GetDouble();
        if (!fits)
        {
            yield return new Violation(pointer, Describe(schema.Format!), number.GetRawText());
        }

        foreach ((string? bound, string words, Func<double, bool> isBroken) in ((string?, string, Func<double, bool>)[])
            [(schema.Minimum, "at least", b => value < b), (schema.Maximum, "at most", b => value > b),
             (schema.ExclusiveMinimum, "more than", b => value <= b), (schema.ExclusiveMaximum, "less than", b => value >= b)])
        {
            if (bound is not null && isBroken(double.Parse(bound, CultureInfo.InvariantCulture)))
            {
                yield return new Violation(pointer, $"{words} {bound}", number.GetRawText());
            }
        }
    }

    // A format that is not listed fails, so that none is believed to be checked that is not.
    private static bool HasFormat(string text, string? format) => format switch
    {
        null or "binary" => true,
        "date-time" => Instant().IsMatch(text)
            && DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "byte" => !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, new byte[text.Length], out _),
        "uri-reference" => Uri.IsWellFormedUriString(text, UriKind.RelativeOrAbsolute),
        _ => false,
    };

    private static string Describe(string format) => format switch
    {
        "date-time" => "a time such as 2026-03-01T12:00:00.000Z (date-time, with milliseconds, UTC)",
        "byte" => "base64 (byte)",
        "uri-reference" => "a URI reference (uri-reference)",
        "int32" => "an integer of 32 bits (int32)",
        "int64" => "an integer of 64 bits (int64)",
        "double" => "a number of 64 bits (double)",
        _ => $"a format that this check knows, not {format}",
    };

    // OpenAPI's patterns are JavaScript's, where $ is the very end; in .NET it is also before a last line feed.
    private static string AsInJavaScript(string pattern) => pattern.EndsWith('$') ? pattern[..^1] + @"\z" : pattern;

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\z", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Instant();
}
