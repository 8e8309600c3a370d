using System.Globalization;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The version of a job as its ETag has it: the number in quotes.</summary>
internal static class JobVersion
{
    /// <summary>The ETag of a job.</summary>
    internal static string TagOf(JobRecord job) => string.Create(CultureInfo.InvariantCulture, $"\"{job.Version}\"");

    /// <summary>Whether the client has this version already: If-None-Match names it, or is <c>*</c> (RFC 9110, 13.1.2).</summary>
    internal static bool IsKnown(JobRecord job, StringValues ifNoneMatch)
    {
        var tag = new EntityTagHeaderValue(TagOf(job));
        return EntityTagHeaderValue.TryParseList(ifNoneMatch, out IList<EntityTagHeaderValue>? known)
            && known.Any(each => each.Equals(EntityTagHeaderValue.Any) || each.Compare(tag, useStrongComparison: false));
    }
}
