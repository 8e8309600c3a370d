namespace Kuid.Jobd.Core.Jobs;

/// <summary>Does what a job is to do: a process, a pipeline, a callback.</summary>
public interface IJobExecutor
{
    /// <summary>
    /// Does it to its end, or until the job's <c>EndRequested</c> and the time that is left then. What it writes goes to the job's
    /// output as it comes.
    /// </summary>
    /// <returns>How it ended, without the times; when the job was to end, its reason takes the place of this one.</returns>
    Task<JobResult> ExecuteAsync(Job job);
}
