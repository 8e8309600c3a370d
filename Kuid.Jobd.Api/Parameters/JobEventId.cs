using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>
/// The <c>id:</c> of an event of one job, with which a client comes back: <c>JOB.VERSION.STDOUT.STDERR</c>, the version that it
/// was told of last and the offset of the next byte of each stream, or <c>JOB.end</c> for the last event.
/// </summary>
internal static class JobEventId
{
    /// <summary>The header that a client comes back with.</summary>
    internal const string Header = "Last-Event-ID";

    private const string End = "end";
    private const string Allowed = "the id of an event of this job is allowed, as it came";

    /// <summary>The id of an event.</summary>
    internal static string Of(long job, JobNews happened) => happened is JobEnded
        ? string.Create(CultureInfo.InvariantCulture, $"{job}.{End}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{job}.{happened.Position.Version}.{happened.Position.Output.Stdout}.{happened.Position.Output.Stderr}");

    /// <summary>Where a client goes on; at the beginning when it says nothing.</summary>
    /// <returns>Null when it has had everything.</returns>
    /// <exception cref="ProblemException">No event of the job can have had this id.</exception>
    internal static JobPosition? Resume(HttpContext context, JobFollower follower)
    {
        // A browser sends the header empty when the last event had no id.
        string text = context.Request.Headers[Header].ToString();
        if (text.Length == 0)
        {
            return default(JobPosition);
        }

        Parts id = Parse(text) is { } parsed && parsed.Job == follower.Job.Id ? parsed : throw Refuse();
        return id.Position is not { } position ? follower.Job.HasEnded ? null : throw Refuse()
            : follower.MayHaveHad(position.Output) ? position
            : throw Refuse();
    }

    private static ProblemException Refuse() => ProblemException.Parameter(Header, Allowed);

    /// <summary>Reads an id; null when it is none.</summary>
    internal static Parts? Parse(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 2 && parts[1] == End && Number(parts[0]) is { } ended ? new Parts(ended, Position: null)
            : parts.Length == 4 && Number(parts[0]) is { } job && Number(parts[1]) is { } version
                && Number(parts[2]) is { } stdout && Number(parts[3]) is { } stderr
                ? new Parts(job, new JobPosition(version, new OutputPosition(stdout, stderr)))
                : null;
    }

    /// <summary>Reads a number of digits alone; null when it is none, or too large. The framework would take NULs behind it too.</summary>
    internal static long? Number(string text) => text.All(char.IsAsciiDigit) &&
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>What an id says.</summary>
    /// <param name="Job">Whose event it was.</param>
    /// <param name="Position">Where the client was afterwards; null when it had everything.</param>
    internal sealed record Parts(long Job, JobPosition? Position);
}
