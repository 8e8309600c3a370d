using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>The parameters of a service as a JSON schema, for those who make a form of it (json-schema.org, of which every draft has these words).</summary>
internal static class ParameterSchema
{
    /// <summary>The word for a type in the contract.</summary>
    internal static string WordOf(ParameterType type) => type switch
    {
        ParameterType.Integer => "integer",
        ParameterType.Number => "number",
        ParameterType.Boolean => "boolean",
        ParameterType.Choice => "choice",
        _ => "string",
    };

    /// <summary>An object with a member for each parameter; one without says nothing about its members.</summary>
    internal static JsonElement Of(IReadOnlyList<ServiceParameter> parameters)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            if (parameters.Count > 0)
            {
                json.WriteStartObject("properties");
                foreach (ServiceParameter parameter in parameters)
                {
                    Write(json, parameter);
                }

                json.WriteEndObject();
                json.WriteStartArray("required");
                foreach (ServiceParameter parameter in parameters.Where(parameter => !parameter.Optional))
                {
                    json.WriteStringValue(parameter.Name);
                }

                json.WriteEndArray();
                json.WriteBoolean("additionalProperties", value: false);
            }

            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, ServiceParameter parameter)
    {
        bool isText = parameter.Type is ParameterType.Text or ParameterType.Choice;
        json.WriteStartObject(parameter.Name);
        json.WriteString("type", isText ? "string" : WordOf(parameter.Type));
        if (parameter.Min is { } min)
        {
            json.WriteNumber(isText ? "minLength" : "minimum", min);
        }

        if (parameter.Max is { } max)
        {
            json.WriteNumber(isText ? "maxLength" : "maximum", max);
        }

        if (parameter.Choices is { } choices)
        {
            json.WriteStartArray("enum");
            foreach (string choice in choices)
            {
                json.WriteStringValue(choice);
            }

            json.WriteEndArray();
        }

        if (parameter.Default is { } value)
        {
            json.WritePropertyName("default");
            WriteValue(json, parameter.Type, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, ParameterType type, string value)
    {
        switch (type)
        {
            case ParameterType.Boolean:
                json.WriteBooleanValue(value == "true");
                break;
            case ParameterType.Integer:
                json.WriteNumberValue(decimal.Parse(value, CultureInfo.InvariantCulture));
                break;
            case ParameterType.Number:
                json.WriteNumberValue(double.Parse(value, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value);
                break;
        }
    }
}
