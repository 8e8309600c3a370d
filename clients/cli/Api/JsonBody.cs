using System.Buffers;
using System.Text.Json;

namespace Kuid.Cli.Api;

/// <summary>A small request body, written member by member.</summary>
internal static class JsonBody
{
    /// <summary>An object.</summary>
    internal static byte[] Of(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A member, unless it has no value.</summary>
    internal static void WriteUnlessNull(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>A member that is true, or not there.</summary>
    internal static void WriteIfTrue(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value: true);
        }
    }
}
