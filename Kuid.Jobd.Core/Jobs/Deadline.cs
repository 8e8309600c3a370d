namespace Kuid.Jobd.Core.Jobs;

/// <summary>Asks a job to end when it has run for as long as it may. Disposing calls it off.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly ITimer? _timer;

    private Deadline(ITimer? timer) => _timer = timer;

    /// <summary>Starts the clock of a job that has a timeout; monotonic, so setting the wall clock ends no job.</summary>
    internal static Deadline For(Job job, TimeProvider clock) => new(job.Spec.Timeout is { } timeout
        ? clock.CreateTimer(
            static state => ((Job)state!).RequestEnd(JobReason.Timeout), job, timeout, Timeout.InfiniteTimeSpan)
        : null);

    public void Dispose() => _timer?.Dispose();
}
