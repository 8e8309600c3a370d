using System.Globalization;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>The items of a batch, looked at: those that can be run, and what is wrong with the others.</summary>
/// <param name="Taken">The places of those that can be run, ascending.</param>
/// <param name="Rejected">The others.</param>
internal sealed record BatchSpecs(BatchSubmission Submission, IReadOnlyList<int> Taken, IReadOnlyList<RejectedItemJson> Rejected)
{
    private const string Items = "/items";

    /// <summary>Looks at a submission.</summary>
    /// <exception cref="Problems.ProblemException">Nothing of it can be run, or not all of it and that is what it asks for.</exception>
    internal static BatchSpecs Check(BatchSubmission submission, HostTable hosts, CallbackTargets callbacks, IsolationPolicy isolation)
    {
        var mistakes = new Mistakes();
        CheckBatch(submission, mistakes);
        mistakes.ThrowIfAny();

        var rejected = new SortedDictionary<int, Mistakes>();
        foreach ((int i, JobSubmission item) in submission.Items.Index())
        {
            var own = new Mistakes();
            Mistakes here = own.Under(JsonPointer.Element(Items, i));
            JobSpecs.Check(item, hosts, here, callbacks, isolation, isItem: true);
            CheckItem(item, i, submission, rejected.ContainsKey, here);
            if (own.Errors.Count > 0)
            {
                rejected[i] = own;
            }
        }

        if ((submission.Atomic ?? true) || rejected.Count == submission.Items.Length)
        {
            Mistakes.ThrowIfAny([.. rejected.Values.SelectMany(own => own.Errors)]);
        }

        return new BatchSpecs(
            submission,
            [.. Enumerable.Range(0, submission.Items.Length).Where(i => !rejected.ContainsKey(i))],
            [.. rejected.Select(item => new RejectedItemJson(item.Key, item.Value.Errors))]);
    }

    /// <summary>The jobs of those that are taken.</summary>
    /// <param name="firstId">The id that the first of them gets; the others follow.</param>
    internal IReadOnlyList<JobSpec> JobsFrom(long firstId, string principal)
    {
        Dictionary<int, long> ids = Taken.Index().ToDictionary(taken => taken.Item, taken => firstId + taken.Index);
        return [.. Taken.Select(i =>
        {
            JobSubmission item = Submission.Items[i];
            JobSpec spec = JobSpecs.Checked(item, principal);
            return spec with { After = [.. spec.After, .. (item.AfterItems ?? []).Select(other => ids[other])] };
        })];
    }

    private static void CheckBatch(BatchSubmission submission, Mistakes mistakes)
    {
        if (submission.Items.Length is 0 or > BatchService.MostJobs)
        {
            mistakes.Add(Items, $"there are {submission.Items.Length}; 1 to {BatchService.MostJobs} are allowed");
        }

        if (submission.Name is { } name && (name.Length > SubmissionLimits.NameLength || name.Any(char.IsControl)))
        {
            mistakes.Add("/name", $"it has to be at most {SubmissionLimits.NameLength} characters without control characters");
        }

        if (submission.MaxParallel is < 1 or > BatchService.MostJobs)
        {
            mistakes.Add("/maxParallel", $"{submission.MaxParallel} is not allowed: 1 to {BatchService.MostJobs}");
        }
    }

    private static void CheckItem(JobSubmission item, int index, BatchSubmission submission, Func<int, bool> isRejected, Mistakes mistakes)
    {
        // A job waits for one place that others have to leave: the one of its key, or one of its batch.
        if (submission.MaxParallel is not null && item.Key is not null)
        {
            mistakes.Add("/key", "it is not allowed in a batch with maxParallel");
        }

        if (item.KeyPolicy == "skip")
        {
            mistakes.Add("/keyPolicy", "skip is not allowed in a batch, which is taken whole");
        }

        int[] after = item.AfterItems ?? [];
        if (after.Length + (item.After?.Length ?? 0) > SubmissionLimits.After)
        {
            mistakes.Add("/afterItems", $"with after there are {after.Length + (item.After?.Length ?? 0)}; at most {SubmissionLimits.After} are allowed");
            return;
        }

        foreach ((int i, int other) in after.Index())
        {
            if (other < 0 || other >= index)
            {
                mistakes.Add(JsonPointer.Element("/afterItems", i), string.Create(
                    CultureInfo.InvariantCulture, $"{other} is not the place of an item before this one, which is {index}"));
            }
            else if (Array.IndexOf(after, other) < i)
            {
                mistakes.Add(JsonPointer.Element("/afterItems", i), "it is there already");
            }
            else if (!(submission.Atomic ?? true) && isRejected(other))
            {
                mistakes.Add(JsonPointer.Element("/afterItems", i), string.Create(CultureInfo.InvariantCulture, $"item {other} is rejected"));
            }
        }
    }
}
