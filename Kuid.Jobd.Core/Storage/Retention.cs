using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Keeps the history within its bounds: now and then it finds where to cut and removes what lies before, a little at a time,
/// so that submissions go between.
/// </summary>
public sealed class Retention(History history, Func<RetentionPolicy> policy, TimeProvider clock, ILogger<Retention> log)
{
    // A transaction of this size takes a few milliseconds, which is as long as a submission may wait for it.
    private const int ItemsAStep = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Between two steps the writer belongs to the others, for several times as long: a slow disk makes the sweep slower, not them.
    private const int BreathShare = 4;
    private static readonly TimeSpan LeastBreath = TimeSpan.FromMilliseconds(10);

    /// <summary>Sweeps until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await SweepAsync(stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // The daemon stops; the rest is for its next start.
        }
    }

    /// <summary>Removes everything that the policy no longer wants now.</summary>
    public async Task SweepAsync(CancellationToken stopping)
    {
        int records = 0, outputs = 0;
        try
        {
            RetentionCut cut = await history.CutAsync(policy(), clock.GetUtcNow().UtcDateTime);
            while (true)
            {
                long start = clock.GetTimestamp();
                PruneStep step = await history.PruneAsync(cut, ItemsAStep);
                if (step.IsEmpty)
                {
                    break;
                }

                records += step.Records.Count;
                outputs += step.Outputs.Count;
                TimeSpan breath = BreathShare * clock.GetElapsedTime(start);
                await Task.Delay(breath > LeastBreath ? breath : LeastBreath, clock, stopping);
            }
        }
        catch (StoreException e)
        {
            Log.PruneFailed(log, e.Message);
        }

        if (records + outputs > 0)
        {
            Log.Pruned(log, records, outputs);
        }
    }
}
