using System.Text;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>The life of a job as a table: every change of state in the daemon asks it, and nothing else decides.</summary>
public static class JobTransitions
{
    /// <summary>The state that an event leads to; null when the event means nothing in that state.</summary>
    public static JobState? Next(JobState state, JobEvent happens) => (state, happens) switch
    {
        (JobState.Scheduled, JobEvent.Due) => JobState.Queued,
        (JobState.Scheduled, JobEvent.Cancel) => JobState.Canceled,
        (JobState.Scheduled, JobEvent.Fail) => JobState.Failed,

        (JobState.Queued, JobEvent.Start) => JobState.Running,
        (JobState.Queued, JobEvent.Cancel) => JobState.Canceled,
        (JobState.Queued, JobEvent.Fail) => JobState.Failed,
        (JobState.Queued, JobEvent.Defer) => JobState.Scheduled,

        (JobState.Running, JobEvent.Succeed) => JobState.Succeeded,
        (JobState.Running, JobEvent.Fail) => JobState.Failed,
        (JobState.Running, JobEvent.Cancel) => JobState.Canceling,
        (JobState.Running, JobEvent.Lose) => JobState.Lost,
        (JobState.Running, JobEvent.Retry) => JobState.Scheduled,

        // However a job ends that somebody wanted to end, it counts as canceled.
        (JobState.Canceling, JobEvent.Succeed) => JobState.Canceled,
        (JobState.Canceling, JobEvent.Fail) => JobState.Canceled,
        (JobState.Canceling, JobEvent.Lose) => JobState.Lost,

        _ => null,
    };

    /// <summary>Whether a state is the last: no event leads out of it.</summary>
    public static bool IsTerminal(JobState state) =>
        state is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Lost;

    /// <summary>The table as text, a line a transition, as it stands in ARCHITECTURE.md.</summary>
    public static string Print()
    {
        var text = new StringBuilder();
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            foreach (JobEvent happens in Enum.GetValues<JobEvent>())
            {
                if (Next(state, happens) is { } next)
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture,
                        $"{Word(state),-10} --{Word(happens)}--> {Word(next)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => Enum.GetName(value)!.ToLowerInvariant();
}
