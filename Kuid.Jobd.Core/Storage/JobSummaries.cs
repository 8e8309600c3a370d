using System.Diagnostics;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Has jobs summarized when enough of them have come, at first those that were there at the start: a little at a time, between what others
/// have written. Nothing of it runs while no job comes.
/// </summary>
internal sealed class JobSummaries
{
    // A look through so many takes about a millisecond, here and for a list that finds them in no summary.
    private const int Jobs = 1024;

    private readonly Func<Func<IJobStore, bool>, Task<bool>> _ask;
    private long _next;
    private int _running;

    /// <param name="ask">Asks the writer of the history.</param>
    internal JobSummaries(Func<Func<IJobStore, bool>, Task<bool>> ask)
    {
        _ask = ask;
        Given(0);
    }

    /// <summary>Is told which ids are given out.</summary>
    internal void Given(long id)
    {
        if (id >= Volatile.Read(ref _next) && Interlocked.Exchange(ref _running, 1) == 0)
        {
            Volatile.Write(ref _next, id + Jobs);
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            while (await _ask(store => store.Summarize(Jobs, newest: Jobs)))
            {
                // Half of the time the writer is the others', and more of it the busier they keep it.
                await Task.Delay(Stopwatch.GetElapsedTime(start));
                start = Stopwatch.GetTimestamp();
            }
        }
        catch (StoreException)
        {
            // The history is in trouble, which others say, or closed. Lists get on without, and the next jobs bring another try.
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}
