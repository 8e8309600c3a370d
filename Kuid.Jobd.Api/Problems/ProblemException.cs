using Kuid.Jobd.Api.Json;

namespace Kuid.Jobd.Api.Problems;

/// <summary>Ends a request with a problem. Everything in it is for the client's eyes.</summary>
/// <param name="code">Which problem.</param>
/// <param name="detail">What was wrong and what is allowed.</param>
/// <param name="errors">Each wrong member of the body; null when it is not about those.</param>
internal sealed class ProblemException(ProblemCode code, string detail, IReadOnlyList<ProblemError>? errors = null) : Exception(detail)
{
    /// <summary>Which problem.</summary>
    internal ProblemCode Code { get; } = code;

    /// <summary>Each wrong member of the body.</summary>
    internal IReadOnlyList<ProblemError>? Errors { get; } = errors;

    /// <summary>The job that is in the way; null where none is.</summary>
    internal long? JobId { get; init; }

    /// <summary>Headers that the answer has beside.</summary>
    internal IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>There is no such job.</summary>
    internal static ProblemException NoSuchJob(string id) => new(ProblemCode.NotFound, $"there is no job {id}");

    /// <summary>There is no such host.</summary>
    internal static ProblemException NoSuchHost(string name) => new(ProblemCode.NotFound, $"there is no host {name}");

    /// <summary>A parameter that is not allowed.</summary>
    internal static ProblemException Parameter(string name, string allowed) => new(ProblemCode.Parameter, $"{name}: {allowed}");

    /// <summary>One wrong member of the body.</summary>
    internal static ProblemException Member(ProblemCode code, string pointer, string detail) =>
        new(code, $"{JsonPointer.Name(pointer)}: {detail}", [new ProblemError(pointer, detail)]);
}
