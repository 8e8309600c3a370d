using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The batch that a path names.</summary>
internal static class BatchId
{
    /// <summary>Its id.</summary>
    /// <exception cref="ProblemException">It is no positive number, and so no batch has it.</exception>
    internal static long Of(HttpContext context)
    {
        string text = (string)context.Request.RouteValues["id"]!;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? id
            : throw Unknown(text);
    }

    /// <summary>There is no such batch.</summary>
    internal static ProblemException Unknown(long id) => Unknown(id.ToString(CultureInfo.InvariantCulture));

    private static ProblemException Unknown(string id) => new(ProblemCode.NotFound, $"there is no batch {id}");
}
