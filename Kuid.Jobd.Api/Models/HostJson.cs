namespace Kuid.Jobd.Api.Models;

/// <summary>A host; the contract's Host.</summary>
internal sealed record HostJson(string Name, string Address, string Source);

/// <summary>All hosts; the contract's HostList.</summary>
internal sealed record HostListJson(IReadOnlyList<HostJson> Items);

/// <summary>The body of putHost.</summary>
internal sealed record HostRequest
{
    /// <summary>Where it is.</summary>
    public required string Address { get; init; }
}

/// <summary>What a host says of itself; the contract's HostProbe.</summary>
internal sealed record HostProbeJson
{
    public required string Name { get; init; }

    public required string Address { get; init; }

    public required bool Reachable { get; init; }

    public required int? Pid { get; init; }

    public required string? Architecture { get; init; }

    public required string? Server { get; init; }

    public required string? Profile { get; init; }

    public required double? LatencySeconds { get; init; }

    public required string? Error { get; init; }
}
