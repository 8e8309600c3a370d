namespace Kuid.Jobd.Core.Jobs;

/// <summary>How much time jobs that are ended get, which the daemon may change while it runs.</summary>
public sealed class EndingPolicy
{
    private readonly TaskCompletionSource _hurried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time between SIGTERM and SIGKILL for jobs that do not say.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Completes when nobody gets any more time.</summary>
    public Task Hurried => _hurried.Task;

    /// <summary>Ends every grace period, also those under way.</summary>
    public void Hurry() => _hurried.TrySetResult();

    /// <summary>Completes when a job that was asked to end has had its time.</summary>
    /// <remarks>At a stop all jobs have the same time, and the service says when it is over.</remarks>
    internal Task TimeIsOverAsync(Job job, TimeProvider clock) => job.EndRequested.Result == JobReason.Shutdown
        ? Hurried
        : Task.WhenAny(Hurried, Task.Delay(job.Spec.Grace ?? Grace, clock));
}
