using System.Text.Json.Serialization;

namespace Kuid.Jobd.Api.Problems;

/// <summary>An error as clients see it (RFC 9457).</summary>
internal sealed record Problem
{
    /// <summary>No page explains a code beyond the contract.</summary>
    public string Type { get; } = "about:blank";

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong and what is allowed, for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Instance { get; init; }

    /// <summary>One of the words of <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Each wrong member of the body; null when it is not the body's members.</summary>
    public required IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>The job that is in the way; left out where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? JobId { get; init; }

    /// <summary>The number under which the daemon's log knows this answer.</summary>
    public required string TraceId { get; init; }
}

/// <summary>One wrong member of a body.</summary>
/// <param name="Pointer">Where it is (RFC 6901).</param>
/// <param name="Detail">What is wrong with it and what is allowed.</param>
/// <param name="Line">The line within its text, from 1; null where the whole of it is meant.</param>
/// <param name="Column">The column within that line, from 1, in characters.</param>
internal sealed record ProblemError(string Pointer, string Detail, int? Line = null, int? Column = null);
