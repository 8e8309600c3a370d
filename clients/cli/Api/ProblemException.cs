using System.Net;

namespace Kuid.Cli.Api;

/// <summary>The daemon refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="problem">What it said.</param>
internal sealed class ProblemException(HttpStatusCode status, Problem problem)
    : FailureException(status == HttpStatusCode.Unauthorized ? $"{problem} (wrong or missing token: --token-file)" : problem.ToString())
{
    /// <summary>The stable word: <c>notfound</c>, <c>notrunning</c>.</summary>
    internal string? Code { get; } = problem.Code;

    /// <summary>How many bytes of stdin have been received, where the refusal is about that.</summary>
    internal long? Offset { get; init; }
}
