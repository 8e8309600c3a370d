using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The client's name for a submission, under which it can be sent again.</summary>
internal static class IdempotencyHeader
{
    internal const string Name = "Idempotency-Key";

    /// <summary>Set on the answer to a submission that came before.</summary>
    internal const string Replayed = "Idempotency-Replayed";

    private const int Longest = 255;

    /// <summary>The key; null when there is none.</summary>
    /// <exception cref="ProblemException">It is not allowed.</exception>
    internal static string? Of(HttpContext context)
    {
        StringValues header = context.Request.Headers[Name];
        string? key = header.Count == 0 ? null : header.ToString();
        return key is null || (header.Count == 1 && key.Length is > 0 and <= Longest && key.All(c => c is >= '!' and <= '~'))
            ? key
            : throw ProblemException.Parameter(Name, $"1 to {Longest} visible ASCII characters are allowed");
    }

    /// <summary>The key belongs to something else.</summary>
    internal static ProblemException Reused(string? key) => new(ProblemCode.KeyReused, $"the {Name} \"{key}\" belongs to another submission");
}
