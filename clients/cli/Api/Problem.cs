using System.Text;

namespace Kuid.Cli.Api;

/// <summary>Why the daemon refused (RFC 9457).</summary>
internal sealed record Problem
{
    /// <summary>The kind of problem in words.</summary>
    public string? Title { get; init; }

    /// <summary>This one in words.</summary>
    public string? Detail { get; init; }

    /// <summary>The stable word for programs.</summary>
    public string? Code { get; init; }

    /// <summary>Which members of the request are wrong.</summary>
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>One line: the detail, then each pointer with what is wrong there, unless the detail has said so.</summary>
    public override string ToString()
    {
        var line = new StringBuilder(Detail ?? Title ?? Code ?? "no reason given");
        string separator = ": ";
        foreach (ProblemError error in (Errors ?? []).Where(error => !Says(Detail, error)))
        {
            line.Append(separator).Append(error.Pointer).Append(error.Pointer is { Length: > 0 } ? ": " : null).Append(error.Detail);
            separator = "; ";
        }

        return line.ToString();
    }

    private static bool Says(string? detail, ProblemError error) =>
        error is { Pointer: { } pointer, Detail: { } reason }
        && detail is not null
        && detail.Contains(pointer, StringComparison.Ordinal)
        && detail.Contains(reason, StringComparison.Ordinal);
}

/// <summary>One wrong member.</summary>
/// <param name="Pointer">Where (JSON Pointer, RFC 6901).</param>
/// <param name="Detail">What is wrong, and what is allowed.</param>
internal sealed record ProblemError(string? Pointer = null, string? Detail = null);
