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
}
