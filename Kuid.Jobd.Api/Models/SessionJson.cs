using System.Text.Json;

namespace Kuid.Jobd.Api.Models;

/// <summary>The body of createSession; the contract's SessionRequest.</summary>
internal sealed record SessionRequest
{
    /// <summary>The host, by name or address.</summary>
    public string? Host { get; init; }

    /// <summary>How long it stays when nothing is done in it, in seconds.</summary>
    public double? IdleSeconds { get; init; }
}

/// <summary>A session; the contract's Session.</summary>
internal sealed record SessionJson
{
    public required string Id { get; init; }

    public required string Host { get; init; }

    public required string Principal { get; init; }

    /// <summary><c>idle</c>, <c>evaluating</c> or <c>ended</c>.</summary>
    public required string State { get; init; }

    public required string? Detail { get; init; }

    public required int Pid { get; init; }

    public required double IdleSeconds { get; init; }

    public required string CreatedAt { get; init; }

    public required string UsedAt { get; init; }

    public required long? LastJobId { get; init; }
}

/// <summary>Sessions; the contract's SessionList.</summary>
internal sealed record SessionListJson(IReadOnlyList<SessionJson> Items);

/// <summary>The body of evalSession; the contract's EvalRequest.</summary>
internal sealed record EvalRequest
{
    /// <summary>The pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>How long it may take, in seconds.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>How many rows the answer has at most.</summary>
    public int? Limit { get; init; }
}

/// <summary>What an evaluation has given; the contract's EvalResult, which is its Result with what a job says of its end.</summary>
internal sealed record EvalResultJson
{
    public required long JobId { get; init; }

    public required string State { get; init; }

    public required string Reason { get; init; }

    public required string? Detail { get; init; }

    public required int? ExitCode { get; init; }

    public required double DurationSeconds { get; init; }

    public required int? Index { get; init; }

    public required int Results { get; init; }

    public required bool Truncated { get; init; }

    public required JsonElement Columns { get; init; }

    public required IReadOnlyList<JsonElement> Rows { get; init; }

    public required IReadOnlyList<JsonElement> Errors { get; init; }

    public required string Stderr { get; init; }

    public required bool Lossy { get; init; }
}

/// <summary>The body of completeSession; the contract's CompletionRequest.</summary>
internal sealed record CompletionRequest
{
    /// <summary>The script as far as it is written.</summary>
    public required string Line { get; init; }

    /// <summary>Where the cursor is, in UTF-16 units; at the end when absent.</summary>
    public int? Position { get; init; }
}

/// <summary>What can stand at a place; the contract's Completion.</summary>
internal sealed record CompletionJson(int Start, int End, IReadOnlyList<CompletionItemJson> Items);

/// <summary>One of the possibilities; the contract's CompletionItem.</summary>
internal sealed record CompletionItemJson(string Text, string Name, bool Whole);
