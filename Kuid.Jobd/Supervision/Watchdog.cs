using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Supervision;

/// <summary>A part of the daemon that can be asked whether it works.</summary>
/// <param name="Name">What a log line calls it.</param>
/// <param name="PingAsync">Completes when the part has come by.</param>
internal sealed record VitalPart(string Name, Func<Task> PingAsync);

/// <summary>
/// Gives the supervisor its signs of life for as long as every vital part answers: twice in the time within which it wants one, as
/// sd_watchdog_enabled(3) advises. When one does not answer nothing is said, until it does or the supervisor has lost its patience.
/// </summary>
/// <remarks>It runs on the thread pool, which thereby is among the parts.</remarks>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    private Watchdog(TimeSpan interval, IReadOnlyList<VitalPart> parts, Action alive, TimeProvider clock, ILogger log) =>
        _watching = WatchAsync(interval, parts, alive, clock, log);

    /// <summary>Begins to watch, if somebody wants to know.</summary>
    internal static Watchdog? Start(Supervisor supervisor, IReadOnlyList<VitalPart> parts, ILogger log) =>
        supervisor.Watchdog is { } time ? Start(time / 2, parts, supervisor.Alive, TimeProvider.System, log) : null;

    /// <summary>The same with everything given.</summary>
    internal static Watchdog Start(TimeSpan interval, IReadOnlyList<VitalPart> parts, Action alive, TimeProvider clock, ILogger log) =>
        new(interval, parts, alive, clock, log);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private async Task WatchAsync(TimeSpan interval, IReadOnlyList<VitalPart> parts, Action alive, TimeProvider clock, ILogger log)
    {
        using var timer = new PeriodicTimer(interval, clock);
        Task[] answers = [.. parts.Select(part => part.PingAsync())];
        try
        {
            do
            {
                foreach ((VitalPart part, Task answer) in parts.Zip(answers).Where(each => !each.Second.IsCompletedSuccessfully))
                {
                    Log.PartIsStuck(log, part.Name, interval.TotalSeconds);
                }

                if (Array.TrueForAll(answers, answer => answer.IsCompletedSuccessfully))
                {
                    alive();
                }

                // Who has answered, or failed to, is asked again; who has not is still being asked.
                answers = [.. parts.Zip(answers).Select(each => each.Second.IsCompleted ? each.First.PingAsync() : each.Second)];
            }
            while (await timer.WaitForNextTickAsync(_over.Token));
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }
}
