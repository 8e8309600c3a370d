namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Asks a job to end when it has run for as long as it may. Disposing calls it off: afterwards it asks no more, so that what was
/// meant for one attempt does not end the next.
/// </summary>
internal sealed class Deadline : IAsyncDisposable
{
    private readonly ITimer? _timer;

    private Deadline(ITimer? timer) => _timer = timer;

    /// <summary>Starts the clock of a job that has a timeout; monotonic, so setting the wall clock ends no job.</summary>
    /// <param name="passed">How long it has run already.</param>
    internal static Deadline For(Job job, TimeProvider clock, TimeSpan passed = default) => new(job.Spec.Timeout is { } timeout
        ? clock.CreateTimer(
            static state => ((Job)state!).RequestEnd(JobReason.Timeout), job, passed < timeout ? timeout - passed : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan)
        : null);

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? default;
}
