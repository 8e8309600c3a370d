namespace Kuid.Bench.Sampling;

/// <summary>Looks at the memory of a process again and again while something else runs.</summary>
internal sealed class MemoryPeak : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _sampling;

    /// <param name="pid">Whose.</param>
    /// <param name="figure">What of it.</param>
    internal MemoryPeak(int pid, Func<ProcessMemory, long> figure) => _sampling = Task.Run(() => SampleAsync(pid, figure));

    /// <summary>The most that was seen.</summary>
    internal long Highest { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _sampling;
        _end.Dispose();
    }

    private async Task SampleAsync(int pid, Func<ProcessMemory, long> figure)
    {
        while (!_end.IsCancellationRequested)
        {
            Highest = Math.Max(Highest, figure(ProcessMemory.Of(pid)));
            await Task.Delay(Interval, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
