using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The job that a path names.</summary>
internal static class JobId
{
    /// <summary>Its id.</summary>
    /// <exception cref="ProblemException">It is no positive number, and so no job has it.</exception>
    internal static long Of(HttpContext context)
    {
        string text = (string)context.Request.RouteValues["id"]!;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? id
            : throw ProblemException.NoSuchJob(text);
    }

    /// <summary>There is no such job.</summary>
    internal static ProblemException Unknown(long id) => ProblemException.NoSuchJob(id.ToString(CultureInfo.InvariantCulture));
}
