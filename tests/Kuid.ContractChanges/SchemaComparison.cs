using System.Globalization;
using Microsoft.OpenApi;

namespace Kuid.ContractChanges;

/// <summary>Who writes the values of a schema, and so which changes of it break.</summary>
internal enum Direction
{
    /// <summary>Clients write them: what was allowed has to stay allowed.</summary>
    Request,

    /// <summary>The daemon writes them: what was excluded has to stay excluded, and what was there has to stay there.</summary>
    Answer,
}

/// <summary>Compares two schemas, and what they are made of, for values that go in one direction.</summary>
internal sealed class SchemaComparison(Direction direction)
{
    // A schema may contain itself; a pair that is being compared already says nothing new.
    private readonly HashSet<(string?, string?)> _underWay = [];

    internal IEnumerable<BreakingChange> Of(IOpenApiSchema? then, IOpenApiSchema? now, string place)
    {
        if (then is null || now is null)
            return (then is null) == (now is null) ? [] : [new(place, now is null ? "the schema is gone" : "there is a schema now")];

        (string?, string?) names = ((then as OpenApiSchemaReference)?.Reference.Id, (now as OpenApiSchemaReference)?.Reference.Id);
        if (names.Item1 is not null && !_underWay.Add(names))
            return [];

        try
        {
            return
            [
                .. Type(then, now, place), .. Words(then, now, place), .. Bounds(then, now, place), .. Members(then, now, place),
                .. Of(then.Items, now.Items, place + "[]"),
            ];
        }
        finally
        {
            _underWay.Remove(names);
        }
    }

    private IEnumerable<BreakingChange> Type(IOpenApiSchema then, IOpenApiSchema now, string place)
    {
        JsonSchemaType? before = then.Type & ~JsonSchemaType.Null;
        JsonSchemaType? after = now.Type & ~JsonSchemaType.Null;
        if (before != after)
            yield return new(place, $"{Word(before)} is {Word(after)} now");

        if (then.Format != now.Format)
            yield return new(place, $"the format {then.Format ?? "(none)"} is {now.Format ?? "(none)"} now");

        bool couldBeNull = then.Type?.HasFlag(JsonSchemaType.Null) == true;
        bool canBeNull = now.Type?.HasFlag(JsonSchemaType.Null) == true;
        if (direction == Direction.Request && couldBeNull && !canBeNull)
            yield return new(place, "null is not allowed any more");

        if (direction == Direction.Answer && canBeNull && !couldBeNull)
            yield return new(place, "it can be null now");
    }

    private IEnumerable<BreakingChange> Words(IOpenApiSchema then, IOpenApiSchema now, string place)
    {
        string[] before = [.. (then.Enum ?? []).Select(word => word.ToJsonString())];
        string[] after = [.. (now.Enum ?? []).Select(word => word.ToJsonString())];

        // What may be written has to be within what is understood: a client's words within the daemon's, the daemon's within a client's.
        (string[] written, string[] understood, string what) = direction == Direction.Request
            ? (before, after, "is not allowed any more")
            : (after, before, "is a value that there was not");
        if (understood.Length == 0)
            return [];

        string[] foreign = written.Length == 0 ? ["any other value"] : [.. written.Except(understood, StringComparer.Ordinal)];
        return foreign.Select(word => new BreakingChange(place, $"{word} {what}"));
    }

    // What the daemon promises of lengths and sizes binds nobody who reads them; what it demands does.
    private IEnumerable<BreakingChange> Bounds(IOpenApiSchema then, IOpenApiSchema now, string place)
    {
        if (direction == Direction.Answer)
            yield break;

        if (then.Pattern != now.Pattern && now.Pattern is not null)
            yield return new(place, $"the pattern is {now.Pattern} now");

        (string Name, decimal? Then, decimal? Now)[] least =
        [
            ("minLength", then.MinLength, now.MinLength), ("minItems", then.MinItems, now.MinItems),
            ("minimum", Number(then.Minimum), Number(now.Minimum)), ("exclusiveMinimum", Number(then.ExclusiveMinimum), Number(now.ExclusiveMinimum)),
        ];
        (string Name, decimal? Then, decimal? Now)[] most =
        [
            ("maxLength", then.MaxLength, now.MaxLength), ("maxItems", then.MaxItems, now.MaxItems), ("maxProperties", then.MaxProperties, now.MaxProperties),
            ("maximum", Number(then.Maximum), Number(now.Maximum)), ("exclusiveMaximum", Number(then.ExclusiveMaximum), Number(now.ExclusiveMaximum)),
        ];
        foreach ((string name, decimal? before, decimal? after) in
            least.Where(b => b.Now > (b.Then ?? decimal.MinValue)).Concat(most.Where(b => b.Now < (b.Then ?? decimal.MaxValue))))
        {
            string was = before?.ToString(CultureInfo.InvariantCulture) ?? "(none)";
            yield return new(place, string.Create(CultureInfo.InvariantCulture, $"{name} {was} is {after} now"));
        }
    }

    private IEnumerable<BreakingChange> Members(IOpenApiSchema then, IOpenApiSchema now, string place)
    {
        IDictionary<string, IOpenApiSchema> before = then.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        IDictionary<string, IOpenApiSchema> after = now.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach ((string name, IOpenApiSchema schema) in before)
        {
            string here = $"{place}/{name}";
            if (!after.TryGetValue(name, out IOpenApiSchema? same))
            {
                yield return new(here, "the member is gone");
                continue;
            }

            if (direction == Direction.Request && IsRequired(now, name) && !IsRequired(then, name))
                yield return new(here, "the member is required now");

            if (direction == Direction.Answer && IsRequired(then, name) && !IsRequired(now, name))
                yield return new(here, "the member is not always there any more");

            foreach (BreakingChange change in Of(schema, same, here))
                yield return change;
        }

        foreach (string name in after.Keys.Where(name => direction == Direction.Request && !before.ContainsKey(name) && IsRequired(now, name)))
            yield return new($"{place}/{name}", "the member is new and required");

        foreach (BreakingChange change in Of(then.AdditionalProperties, now.AdditionalProperties, place + "/*"))
            yield return change;
    }

    private static bool IsRequired(IOpenApiSchema schema, string name) => schema.Required?.Contains(name) == true;

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Word(JsonSchemaType? type) => type is null ? "any value" : $"{type}".ToLowerInvariant();
}
