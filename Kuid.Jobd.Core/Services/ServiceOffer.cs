using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Jobd.Core.Services;

/// <summary>All that a subserver offers, which takes the place of what it offered before: the JSON of an OFFER.</summary>
public sealed record ServiceOffer(IReadOnlyList<ServiceDefinition> Services)
{
    /// <summary>The most services that one subserver offers.</summary>
    public const int MaxServices = 1000;

    /// <summary>Reads and checks an offer.</summary>
    /// <exception cref="FormatException">Names what is wrong, and what is allowed.</exception>
    public static ServiceOffer Parse(ReadOnlySpan<byte> json)
    {
        ServiceOffer offer;
        try
        {
            offer = JsonSerializer.Deserialize(json, ServiceOfferJson.Default.ServiceOffer) ?? throw new FormatException("the offer is null");
        }
        catch (JsonException e)
        {
            throw new FormatException("the offer is not as it has to be: " + e.Message, e);
        }

        if (offer.Services.Count > MaxServices)
        {
            throw new FormatException($"at most {MaxServices} services are taken from one connection, these are {offer.Services.Count}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ServiceDefinition service in offer.Services)
        {
            if (service.Mistake() is { } mistake)
            {
                throw new FormatException(mistake);
            }

            if (!names.Add(service.Name))
            {
                throw new FormatException($"{service.Name} is in the offer twice");
            }
        }

        return offer;
    }

    /// <summary>The offer as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ServiceOfferJson.Default.ServiceOffer);
}

/// <summary>Reads and writes offers without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ServiceOffer))]
internal sealed partial class ServiceOfferJson : JsonSerializerContext;
