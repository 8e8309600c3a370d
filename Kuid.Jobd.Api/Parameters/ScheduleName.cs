using System.Buffers;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The schedule that a path names.</summary>
internal static class ScheduleName
{
    private const int Longest = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Its name.</summary>
    internal static string Of(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    /// <summary>A name that a schedule can be given.</summary>
    /// <exception cref="ProblemException">It cannot.</exception>
    internal static string New(HttpContext context)
    {
        string name = Of(context);
        return name.Length is > 0 and <= Longest && !name.AsSpan().ContainsAnyExcept(Characters)
            ? name
            : throw ProblemException.Parameter("name", $"1 to {Longest} characters of A-Z a-z 0-9 . _ - are allowed");
    }

    /// <summary>There is no such schedule.</summary>
    internal static ProblemException Unknown(string name) => new(ProblemCode.NotFound, $"there is no schedule {name}");
}
