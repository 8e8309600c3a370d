namespace Kuid.Jobd.Api.Models;

/// <summary>How a command ended and what it wrote; the contract's ExecResult.</summary>
internal sealed record ExecResultJson
{
    public required long JobId { get; init; }

    public required string State { get; init; }

    public required string? Reason { get; init; }

    public required string? Detail { get; init; }

    public required int? ExitCode { get; init; }

    public required string? Signal { get; init; }

    public required int? WaitStatus { get; init; }

    public required string Stdout { get; init; }

    public required string Stderr { get; init; }

    public required string Encoding { get; init; }

    public required bool Lossy { get; init; }

    public required bool Truncated { get; init; }

    public required double? DurationSeconds { get; init; }
}
