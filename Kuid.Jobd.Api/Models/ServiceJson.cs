namespace Kuid.Jobd.Api.Models;

/// <summary>That the daemon answers; the contract's Health.</summary>
internal sealed record HealthJson(string Status);

/// <summary>Whether the daemon can take jobs; the contract's Readiness.</summary>
internal sealed record ReadinessJson(string Status, IReadOnlyList<CheckJson> Checks);

/// <summary>One thing that was looked at; the contract's ReadinessCheck.</summary>
internal sealed record CheckJson(string Name, string Status, string? Detail);

/// <summary>Versions; the contract's Version.</summary>
internal sealed record VersionJson(string Version, string Api, string Runtime, string Store);
