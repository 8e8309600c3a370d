using Microsoft.AspNetCore.WebUtilities;

namespace Kuid.Jobd.Api.Problems;

/// <summary>What can go wrong, as clients see it: the closed list of words to decide by, each with its status.</summary>
/// <param name="Word">The word; once given out it never changes its meaning.</param>
/// <param name="Status">The status it comes with.</param>
internal sealed record ProblemCode(string Word, int Status)
{
    internal static readonly ProblemCode Malformed = new("malformed", 400);
    internal static readonly ProblemCode Unknown = new("unknown", 400);
    internal static readonly ProblemCode Duplicate = new("duplicate", 400);
    internal static readonly ProblemCode Type = new("type", 400);
    internal static readonly ProblemCode Parameter = new("parameter", 400);
    internal static readonly ProblemCode Unauthorized = new("unauthorized", 401);
    internal static readonly ProblemCode Forbidden = new("forbidden", 403);
    internal static readonly ProblemCode Origin = new("origin", 403);
    internal static readonly ProblemCode NotFound = new("notfound", 404);
    internal static readonly ProblemCode NoService = new("noservice", 404);
    internal static readonly ProblemCode Method = new("method", 405);
    internal static readonly ProblemCode Running = new("running", 409);
    internal static readonly ProblemCode NotRunning = new("notrunning", 409);
    internal static readonly ProblemCode Offset = new("offset", 409);
    internal static readonly ProblemCode Closed = new("closed", 409);
    internal static readonly ProblemCode NoPipeline = new("nopipeline", 409);
    internal static readonly ProblemCode ReadOnly = new("readonly", 409);
    internal static readonly ProblemCode Evaluating = new("evaluating", 409);
    internal static readonly ProblemCode Key = new("key", 409);
    internal static readonly ProblemCode Draining = new("draining", 409);
    internal static readonly ProblemCode NotQueued = new("notqueued", 409);
    internal static readonly ProblemCode NoStdin = new("nostdin", 409);
    internal static readonly ProblemCode NotEmpty = new("notempty", 409);
    internal static readonly ProblemCode Pruned = new("pruned", 410);
    internal static readonly ProblemCode Ended = new("ended", 410);
    internal static readonly ProblemCode Version = new("version", 412);
    internal static readonly ProblemCode TooLarge = new("toolarge", 413);
    internal static readonly ProblemCode MediaType = new("mediatype", 415);
    internal static readonly ProblemCode Range = new("range", 416);
    internal static readonly ProblemCode Host = new("host", 421);
    internal static readonly ProblemCode Invalid = new("invalid", 422);
    internal static readonly ProblemCode KeyReused = new("keyreused", 422);
    internal static readonly ProblemCode Busy = new("busy", 429);
    internal static readonly ProblemCode Internal = new("internal", 500);
    internal static readonly ProblemCode Unreachable = new("unreachable", 502);
    internal static readonly ProblemCode Stopping = new("stopping", 503);
    internal static readonly ProblemCode Unavailable = new("unavailable", 503);
    internal static readonly ProblemCode Full = new("full", 507);

    /// <summary>The status in words (RFC 9110).</summary>
    internal string Title => ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>The code of a status that a part of the framework has set without saying more.</summary>
    internal static ProblemCode OfStatus(int status) => status switch
    {
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => Method,
        413 => TooLarge,
        415 => MediaType,
        < 500 => Malformed,
        _ => Internal,
    };
}
