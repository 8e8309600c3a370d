namespace Kuid.Bench.Sampling;

/// <summary>Takes a figure again and again while something else runs, and keeps the highest.</summary>
internal sealed class Peak : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sampling;

    /// <param name="interval">How long it pauses in between.</param>
    /// <param name="sample">Takes the figure.</param>
    internal Peak(TimeSpan interval, Func<long> sample) => _sampling = Task.Run(() => SampleAsync(interval, sample));

    /// <summary>The most that was seen.</summary>
    internal long Highest { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _sampling;
        _end.Dispose();
    }

    private async Task SampleAsync(TimeSpan interval, Func<long> sample)
    {
        while (!_end.IsCancellationRequested)
        {
            Highest = Math.Max(Highest, sample());
            await Task.Delay(interval, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
