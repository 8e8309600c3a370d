using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Problems;

namespace Kuid.Jobd.Api.Tests.Fuzzing;

/// <summary>What can be said of a body without the door's own reading: whether a refusal of it can be true.</summary>
internal static class BodyOracle
{
    // Those that the contract documents for a body by itself; each has its status there.
    private static readonly ProblemCode[] Codes =
        [ProblemCode.Malformed, ProblemCode.Unknown, ProblemCode.Duplicate, ProblemCode.Type, ProblemCode.Invalid];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static bool IsJson(byte[] input) => Parse(input, duplicates: true) is not null;

    internal static bool HasDuplicate(byte[] input) => IsJson(input) && Parse(input, duplicates: false) is null;

    /// <summary>Why a refusal cannot be true of an input; null when it can.</summary>
    internal static string? Contradiction(byte[] input, ProblemException refusal)
    {
        if (!Codes.Contains(refusal.Code) || refusal.Message.Length == 0)
        {
            return "a body is not refused so";
        }

        if (refusal.Code == ProblemCode.Malformed)
        {
            return IsJson(input) ? "it is JSON" : null;
        }

        if (Parse(input, duplicates: true) is not { } root)
        {
            return "it is not JSON";
        }

        if (refusal.Code == ProblemCode.Duplicate && !HasDuplicate(input))
        {
            return "no member is there twice";
        }

        return refusal.Errors is not { Count: > 0 } errors ? "it does not say where"
            : errors.FirstOrDefault(error => error.Detail.Length == 0 || !Exists(root, error.Pointer, refusal.Code == ProblemCode.Unknown)) is { } wrong
                ? $"there is no {wrong.Pointer}"
                : null;
    }

    // A member that is missing is named too, where it would be.
    private static bool Exists(JsonElement root, string pointer, bool whole)
    {
        if (pointer.Length == 0)
        {
            return true;
        }

        string[] tokens = [.. pointer.Split('/').Skip(1).Select(token =>
            token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        try
        {
            return Find(root, tokens, whole);
        }
        catch (InvalidOperationException)
        {
            // A name beside it is no text (half a surrogate pair), and this reading does not get past it.
            return true;
        }
    }

    private static bool Find(JsonElement root, string[] tokens, bool whole)
    {
        JsonElement at = root;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (at.ValueKind == JsonValueKind.Array && int.TryParse(tokens[i], CultureInfo.InvariantCulture, out int index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(tokens[i], out JsonElement member))
            {
                at = member;
            }
            else
            {
                return !whole && i == tokens.Length - 1;
            }
        }

        return true;
    }

    private static JsonElement? Parse(byte[] input, bool duplicates)
    {
        try
        {
            _ = Strict.GetString(input);
            using var document = JsonDocument.Parse(
                input, new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth, AllowDuplicateProperties = duplicates });
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or ArgumentException)
        {
            return null;
        }
    }
}
