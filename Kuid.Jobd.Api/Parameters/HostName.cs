using System.Buffers;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The host that a path names.</summary>
internal static class HostName
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Its name.</summary>
    internal static string Of(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    /// <summary>A name that a host can be given.</summary>
    /// <exception cref="ProblemException">It cannot; an address, which has a colon, is no name.</exception>
    internal static string New(HttpContext context)
    {
        string name = Of(context);
        return name.Length is > 0 and <= SubmissionLimits.HostNameLength && !name.AsSpan().ContainsAnyExcept(Characters)
            ? name
            : throw ProblemException.Parameter("name", $"1 to {SubmissionLimits.HostNameLength} characters of A-Z a-z 0-9 . _ - are allowed");
    }

    /// <summary>It is not a client's to change.</summary>
    internal static ProblemException ReadOnly(string name) =>
        new(ProblemCode.ReadOnly, $"the host {name} is not to be changed here: it is of the daemon's configuration, or built in");
}
