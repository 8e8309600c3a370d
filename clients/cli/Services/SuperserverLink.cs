using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Cli.Services;

/// <summary>The way to a superserver: connects, again and again with longer pauses, and has one started where there is none.</summary>
/// <param name="registry">The path of its registry's socket.</param>
/// <param name="start">Starts one; null when this subserver does not.</param>
internal sealed class SuperserverLink(Reactor reactor, string registry, SuperserverStart? start)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    // To knock at a Unix socket costs next to nothing, and services shall be back soon.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStartPause = TimeSpan.FromMinutes(1);

    private TimeSpan _pause = ShortestPause;
    private TimeSpan _startPause = ShortestPause;
    private long _nextStart;
    private string? _said;

    /// <summary>The path of its registry's socket.</summary>
    internal string Registry => registry;

    /// <summary>Connects, however long that takes.</summary>
    /// <returns>Null when it has been stopped before.</returns>
    internal async Task<RegistryConnection?> ConnectAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return RegistryConnection.Open(reactor, registry);
            }
            catch (NativeException e)
            {
                bool isDead = e.Errno is Errno.ENOENT or Errno.ECONNREFUSED;
                if (!isDead || start is null)
                {
                    SayOnce($"{e.Message}; trying again until there is a superserver");
                }
                else if (await StartAsync(start, stop))
                {
                    continue;
                }
            }

            await PauseAsync(stop);
        }

        return null;
    }

    /// <summary>The superserver has answered: the next pauses are short ones again.</summary>
    internal void IsThere()
    {
        (_pause, _startPause, _said) = (ShortestPause, ShortestPause, null);
    }

    // A command that does not work is tried less and less often; another subserver's may, so that connecting goes on.
    private async Task<bool> StartAsync(SuperserverStart starting, CancellationToken stop)
    {
        if (TimeProvider.System.GetTimestamp() < _nextStart)
        {
            return false;
        }

        try
        {
            SuperserverStartResult result = await starting.TryAsync(stop);
            if (result != SuperserverStartResult.Failed)
            {
                return result == SuperserverStartResult.Answers;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _nextStart = TimeProvider.System.GetTimestamp() + (long)(_startPause.TotalSeconds * TimeProvider.System.TimestampFrequency);
        _startPause = Shorter(_startPause * 2, LongestStartPause);
        return false;
    }

    // Somewhere between the half and the whole, so that those that wait together do not knock together.
    private async Task PauseAsync(CancellationToken stop)
    {
        TimeSpan pause = _pause * (0.5 + (Random.Shared.NextDouble() / 2));
        _pause = Shorter(_pause * 2, LongestPause);
        await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void SayOnce(string sentence)
    {
        if (_said != sentence)
        {
            Talk.Line(sentence);
            _said = sentence;
        }
    }
}
