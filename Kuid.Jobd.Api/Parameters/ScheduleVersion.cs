using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>What a client has written of a schedule, as its ETag has it, and the conditions of a change.</summary>
internal static class ScheduleVersion
{
    /// <summary>The ETag of a schedule.</summary>
    internal static string TagOf(Schedule schedule) => $"\"{schedule.Version}\"";

    /// <summary>
    /// Whether what is there is what a client means: If-Match names its ETag, or is <c>*</c> for any; If-None-Match <c>*</c> is for none
    /// (RFC 9110, 13.1).
    /// </summary>
    /// <exception cref="ProblemException">A header is no list of ETags.</exception>
    internal static Func<Schedule?, bool> ConditionOf(IHeaderDictionary headers)
    {
        IList<EntityTagHeaderValue>? match = Read(HeaderNames.IfMatch, headers.IfMatch), noneMatch = Read(HeaderNames.IfNoneMatch, headers.IfNoneMatch);
        return schedule => (match is null || IsAmong(schedule, match)) && (noneMatch is null || !IsAmong(schedule, noneMatch));
    }

    /// <summary>It is another one than the client means.</summary>
    internal static ProblemException Mismatch(string name) => new(
        ProblemCode.Version, $"the schedule {name} is not the one that If-Match or If-None-Match means: read it again");

    private static bool IsAmong(Schedule? schedule, IList<EntityTagHeaderValue> tags) => schedule is not null
        && tags.Any(each => each.Equals(EntityTagHeaderValue.Any) || each.Compare(new EntityTagHeaderValue(TagOf(schedule)), useStrongComparison: true));

    private static IList<EntityTagHeaderValue>? Read(string name, StringValues header) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out IList<EntityTagHeaderValue>? tags) ? tags
        : throw ProblemException.Parameter(name, "a list of ETags in double quotes, or *, is allowed");
}
