using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kuid.Jobd.Api.Problems;

namespace Kuid.Jobd.Api.Json;

/// <summary>
/// Compares a document with what the serializer knows of a type. The serializer would refuse the same documents, but with one
/// exception for everything, whose text is for programmers: here each fault has its code and its place.
/// </summary>
internal static class JsonShape
{
    private static readonly Type Text = typeof(string);

    /// <summary>The first fault in the order of the document; null when it is a value of the type.</summary>
    /// <param name="pointer">Where in the body this is.</param>
    internal static ProblemException? FirstFault(JsonElement value, JsonTypeInfo type, string pointer) => type.Kind switch
    {
        JsonTypeInfoKind.Object => InObject(value, type, pointer),
        JsonTypeInfoKind.Dictionary => InMap(value, type.ElementType!, pointer),
        JsonTypeInfoKind.Enumerable => InArray(value, type.Options.GetTypeInfo(type.ElementType!), pointer),
        _ => InValue(value, type.Type, pointer),
    };

    private static ProblemException? InObject(JsonElement value, JsonTypeInfo type, string pointer)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return WrongType(pointer, "an object");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                return HalfCharacter(pointer);
            }

            string place = JsonPointer.Member(pointer, name);
            if (type.Properties.FirstOrDefault(known => known.Name == name) is not { } member)
            {
                return Unknown(place, name, type);
            }

            ProblemException? fault = seen.Add(name)
                ? FirstFault(property.Value, type.Options.GetTypeInfo(member.PropertyType), place)
                : Duplicate(place, name);
            if (fault is not null)
            {
                return fault;
            }
        }

        return type.Properties.FirstOrDefault(known => known.IsRequired && !seen.Contains(known.Name)) is { } missing
            ? new ProblemException(
                ProblemCode.Type, $"the member \"{missing.Name}\" is missing", [new(JsonPointer.Member(pointer, missing.Name), "it is missing")])
            : null;
    }

    private static ProblemException? InMap(JsonElement value, Type values, string pointer)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return WrongType(pointer, "an object");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                return HalfCharacter(pointer);
            }

            string place = JsonPointer.Member(pointer, name);
            if ((seen.Add(name) ? InValue(property.Value, values, place) : Duplicate(place, name)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static ProblemException? InArray(JsonElement value, JsonTypeInfo elements, string pointer)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return WrongType(pointer, "an array");
        }

        int index = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (FirstFault(element, elements, JsonPointer.Element(pointer, index++)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static ProblemException? InValue(JsonElement value, Type type, string pointer)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            (bool fits, string expected) = type switch
            {
                _ when type == Text => (value.ValueKind == JsonValueKind.String && value.GetString() is not null, "a string"),
                _ when type == typeof(JsonElement) => (value.ValueKind != JsonValueKind.String || value.GetString() is not null, "a value"),
                _ when type == typeof(byte[]) => (value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out _), "base64 in a string"),
                _ when type == typeof(bool) => (value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
                _ when type == typeof(int) => (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), "an integer of 32 bits"),
                _ when type == typeof(long) => (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), "an integer of 64 bits"),
                _ when type == typeof(double) => (value.ValueKind == JsonValueKind.Number, "a number"),
                _ => throw new NotSupportedException($"{type} is in no body of the contract"),
            };
            return fits ? null : WrongType(pointer, expected);
        }
        catch (InvalidOperationException)
        {
            return HalfCharacter(pointer);
        }
    }

    // JSON can write half of a surrogate pair, \ud800, which is no character and has no bytes.
    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static ProblemException WrongType(string pointer, string expected) =>
        new(ProblemCode.Type, $"{Named(pointer)} has to be {expected}", [new(pointer, $"it has to be {expected}")]);

    private static ProblemException Duplicate(string pointer, string name) =>
        new(ProblemCode.Duplicate, $"the member \"{name}\" comes twice", [new(pointer, "it comes twice")]);

    private static ProblemException Unknown(string pointer, string name, JsonTypeInfo type) =>
        new(
            ProblemCode.Unknown,
            $"there is no member \"{name}\"; there are {string.Join(", ", type.Properties.Select(known => known.Name))}",
            [new(pointer, "there is no such member")]);

    private static ProblemException HalfCharacter(string pointer) =>
        new(ProblemCode.Invalid, $"{Named(pointer)} has half of a surrogate pair", [new(pointer, "half of a surrogate pair is no character")]);

    private static string Named(string pointer) => pointer.Length == 0 ? "the body" : $"the member {pointer}";
}
