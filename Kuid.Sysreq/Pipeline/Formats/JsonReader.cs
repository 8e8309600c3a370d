using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>Reads JSON as it comes: the items of an array, or values one behind the other.</summary>
internal static class JsonReader
{
    // How deep a value may be; how long, RowStream says.
    private static readonly JsonSerializerOptions Options = new() { MaxDepth = 64 };

    /// <summary>The values of a text whose stretches are a column of rows.</summary>
    /// <exception cref="CommandException">It is no JSON.</exception>
    public static async IAsyncEnumerable<Value> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int index, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = new RowStream(rows, index, cancellation);
        bool isArray = await stream.PeekAsync(cancellation) == '[';
        await using IAsyncEnumerator<JsonElement> values =
            JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, topLevelValues: !isArray, Options, cancellation)
                .GetAsyncEnumerator(cancellation);
        for (long number = 1; await MoveNextAsync(values); number++)
        {
            stream.ForgetRead();
            yield return FromJson(values.Current, number);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<JsonElement> values)
    {
        try
        {
            return await values.MoveNextAsync();
        }
        catch (JsonException wrong)
        {
            throw NoJson(wrong.LineNumber is { } line && wrong.BytePositionInLine is { } position
                ? $"line {line + 1}, byte {position + 1}: {Sentence(wrong.Message)}"
                : Sentence(wrong.Message));
        }
    }

    // The framework's sentence is followed by a path and the place, which stand in ours already.
    private static string Sentence(string message)
    {
        int end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        return VisibleText.Of((end < 0 ? message : message[..end]).TrimEnd('.'));
    }

    private static CommandException NoJson(string why) => new($"this is no JSON: {why}");

    private static Value FromJson(JsonElement element, long number)
    {
        try
        {
            return FromJson(element);
        }
        catch (InvalidOperationException)
        {
            throw NoJson(string.Create(CultureInfo.InvariantCulture, $"a string in value {number} has half of a surrogate pair"));
        }
    }

    private static Value FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => NullValue.Instance,
        JsonValueKind.True => new BoolValue(true),
        JsonValueKind.False => new BoolValue(false),
        JsonValueKind.String => new StringValue(element.GetString()!),
        JsonValueKind.Number when element.TryGetInt64(out long integer) => new Int64Value(integer),
        JsonValueKind.Number when element.TryGetUInt64(out ulong integer) => new UInt64Value(integer),
        JsonValueKind.Number => new FloatValue(element.GetDouble()),
        JsonValueKind.Array => new ListValue([.. element.EnumerateArray().Select(item => FromJson(item))]),
        _ when IsBytes(element, out byte[] bytes) => new BytesValue(bytes),
        _ => new RecordValue([.. element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, FromJson(member.Value)))]),
    };

    private static bool IsBytes(JsonElement element, out byte[] bytes)
    {
        bytes = [];
        return element.EnumerateObject().Select(member => member.Name).SequenceEqual(["b64"], StringComparer.Ordinal)
            && element.GetProperty("b64") is { ValueKind: JsonValueKind.String } text
            && text.TryGetBytesFromBase64(out bytes!);
    }
}
