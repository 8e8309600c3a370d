using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The version of a job as its ETag has it: the number in quotes.</summary>
internal static class JobVersion
{
    /// <summary>The ETag of a job.</summary>
    internal static string TagOf(JobRecord job) => string.Create(CultureInfo.InvariantCulture, $"\"{job.Version}\"");

    /// <summary>The version that a change is meant for; null for any (RFC 9110, 13.1.1).</summary>
    /// <exception cref="ProblemException">It is not one strong ETag, or <c>*</c>.</exception>
    internal static long? Expected(StringValues ifMatch)
    {
        if (ifMatch.Count == 0 || ifMatch == "*")
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParse(ifMatch.ToString(), out EntityTagHeaderValue? tag) || tag.IsWeak)
        {
            throw ProblemException.Parameter("If-Match", "the ETag of a job is allowed, as it came, or *");
        }

        // What is no number is the version of no job.
        return long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : 0;
    }

    /// <summary>Whether the client has this version already: If-None-Match names it, or is <c>*</c> (RFC 9110, 13.1.2).</summary>
    internal static bool IsKnown(JobRecord job, StringValues ifNoneMatch)
    {
        var tag = new EntityTagHeaderValue(TagOf(job));
        return EntityTagHeaderValue.TryParseList(ifNoneMatch, out IList<EntityTagHeaderValue>? known)
            && known.Any(each => each.Equals(EntityTagHeaderValue.Any) || each.Compare(tag, useStrongComparison: false));
    }
}
