using System.Text.Json;

namespace Kuid.Jobd.Api.Models;

/// <summary>A service that can be called; the contract's Service.</summary>
internal sealed record NamedServiceJson
{
    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required ServiceOwnerJson Owner { get; init; }

    public required bool Pty { get; init; }

    public required string Stderr { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public required int? Max { get; init; }

    public required double? TimeoutSeconds { get; init; }

    public required IReadOnlyList<ServiceParameterJson> Parameters { get; init; }

    public required JsonElement Schema { get; init; }

    public required int Running { get; init; }

    public required int Waiting { get; init; }
}

/// <summary>Whose a service is; the contract's ServiceOwner.</summary>
internal sealed record ServiceOwnerJson(long Uid, string? User);

/// <summary>One argument of a service; the contract's ServiceParameter.</summary>
internal sealed record ServiceParameterJson(
    string Name, string Type, double? Min, double? Max, IReadOnlyList<string>? Choices, bool Optional, string? DefaultValue);

/// <summary>All services; the contract's ServiceList.</summary>
internal sealed record ServiceListJson(IReadOnlyList<NamedServiceJson> Items);

/// <summary>The body of runService.</summary>
internal sealed record ServiceCallRequest
{
    /// <summary>The arguments in their order.</summary>
    public string[]? Arguments { get; init; }

    /// <summary>The arguments by their names.</summary>
    public Dictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>Environment variables, of those that the service allows.</summary>
    public Dictionary<string, string>? Env { get; init; }

    /// <summary>Standard input; base64 on the wire.</summary>
    public byte[]? Stdin { get; init; }

    /// <summary>How long it may run, in seconds, at most as long as the service says.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>How many bytes of each stream are kept.</summary>
    public long? MaxOutputBytes { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to find jobs by.</summary>
    public Dictionary<string, string>? Labels { get; init; }
}
