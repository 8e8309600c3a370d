using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>How the evaluation on one host ended.</summary>
/// <param name="Reason"><see cref="JobReason.Exit"/> when the script came to its end; else why it did not.</param>
/// <param name="Status">The status of its last pipeline; null when it did not come to its end.</param>
/// <param name="Detail">What the reason alone does not say.</param>
internal sealed record HostOutcome(JobReason Reason, int? Status = null, string? Detail = null)
{
    /// <summary>What a host that has no status counts as among others, as with ssh(1).</summary>
    internal const int NoStatus = 255;

    /// <summary>
    /// The result of a job: the worst of its hosts. A host that failed is not the end of the others; only when none of them came to its
    /// end is that why the job ended.
    /// </summary>
    internal static JobResult ResultOf(IReadOnlyList<HostOutcome> outcomes)
    {
        if (outcomes.All(outcome => outcome.Status is null))
        {
            return new JobResult { Reason = outcomes[0].Reason, Detail = outcomes[0].Detail };
        }

        int worst = outcomes.Max(outcome => outcome.Status ?? NoStatus);
        return new JobResult
        {
            Reason = JobReason.Exit,
            Status = WaitStatus.OfExitCode(worst),
            Detail = outcomes.FirstOrDefault(outcome => outcome.Status is null)?.Detail,
        };
    }
}
