using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>How a job is to end.</summary>
/// <param name="IsTaken">Whether it was taken at all.</param>
/// <param name="Ends">The states and reasons that are right: more than one where two things end it at the same moment.</param>
/// <param name="Attempts">How many attempts were made.</param>
internal sealed record Expectation(bool IsTaken, IReadOnlyList<(JobState State, JobReason Reason)> Ends, int Attempts)
{
    internal bool Succeeds => Ends is [(JobState.Succeeded, _)];
}

/// <summary>
/// What the engine is to do with a list of jobs, in the plainest words: they come one after the other while nothing runs; some
/// are cancelled; some expire; then everything runs to its end.
/// </summary>
internal static class WaitingModel
{
    internal static Expectation[] Of(IReadOnlyList<PlannedJob> jobs)
    {
        bool[] taken = new bool[jobs.Count];
        bool[] replaced = new bool[jobs.Count];
        for (int i = 0; i < jobs.Count; i++)
        {
            int[] others = [.. Enumerable.Range(0, i).Where(j => taken[j] && !replaced[j] && jobs[j].Key is { } key && key == jobs[i].Key)];
            taken[i] = jobs[i].Policy != KeyPolicy.Skip || others.Length == 0;
            foreach (int other in taken[i] && jobs[i].Policy == KeyPolicy.Replace ? others : [])
            {
                replaced[other] = true;
            }
        }

        var ends = new Expectation[jobs.Count];
        for (int i = 0; i < jobs.Count; i++)
        {
            ends[i] = taken[i] ? EndOf(jobs[i], replaced[i], Before(i, jobs[i]), ends) : new Expectation(IsTaken: false, [], 0);
        }

        return ends;
    }

    /// <summary>The places of the jobs that one comes after; null for one that is not there.</summary>
    internal static IEnumerable<int?> Before(int index, PlannedJob job) => job.Back.Select(back => back <= index ? index - back : (int?)null);

    private static Expectation EndOf(PlannedJob job, bool isReplaced, IEnumerable<int?> before, Expectation[] ends)
    {
        if (isReplaced)
        {
            return new Expectation(IsTaken: true, [(JobState.Canceled, JobReason.Canceled)], 0);
        }

        // One that was not taken has an id that no job has.
        Expectation?[] needed = [.. before.Select(place => place is { } at && ends[at].IsTaken ? ends[at] : null)];
        bool isDoomed = job.Mode == AfterMode.Success && needed.Any(other => other is not { Succeeds: true });
        List<(JobState, JobReason)> early = [];
        if (job.Cancel)
        {
            early.Add((JobState.Canceled, JobReason.Canceled));
        }

        if (job.Expires)
        {
            early.Add((JobState.Failed, JobReason.Expired));
        }

        if (isDoomed)
        {
            early.Add((JobState.Failed, JobReason.Dependency));
        }

        // What is cancelled is that before anything expires; a failure before it can be any time before that.
        if (early.Count > 0)
        {
            return new Expectation(IsTaken: true, early, 0);
        }

        bool succeeds = job.Failures < job.MaxAttempts;
        return new Expectation(
            IsTaken: true, [(succeeds ? JobState.Succeeded : JobState.Failed, JobReason.Exit)], succeeds ? job.Failures + 1 : job.MaxAttempts);
    }
}
