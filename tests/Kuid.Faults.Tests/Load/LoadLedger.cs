using System.Collections.Concurrent;

namespace Kuid.Faults.Tests.Load;

/// <summary>What the clients of a load have been told, what was wrong with it, and whether something is in the daemon's way just now.</summary>
internal sealed class LoadLedger
{
    private readonly ConcurrentDictionary<string, int> _done = new(StringComparer.Ordinal);
    private int _troubles;
    private long _epoch;

    /// <summary>The jobs of which a client has a 202.</summary>
    internal ConcurrentDictionary<long, bool> Accepted { get; } = new();

    /// <summary>What was wrong, each in a sentence.</summary>
    internal ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>How many requests were answered rightly.</summary>
    internal int Done => _done.Values.Sum();

    private int _refused;

    /// <summary>How many were refused while something was in the way.</summary>
    internal int Refused => _refused;

    /// <summary>From now until it is disposed, refusals are right.</summary>
    internal IDisposable Trouble() => new Troubled(this);

    /// <summary>Does something and notes how it went.</summary>
    internal async Task Note(string what, Func<Task> act)
    {
        long epoch = Interlocked.Read(ref _epoch);
        bool troubled = Volatile.Read(ref _troubles) > 0;
        try
        {
            await act();
            _done.AddOrUpdate(what, 1, (_, n) => n + 1);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            if (troubled || epoch != Interlocked.Read(ref _epoch))
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            Faults.Enqueue($"{what} was refused with nothing in the way: {e.GetType().Name}: {e.Message}");
        }
        catch (Exception e)
        {
            Faults.Enqueue($"{what}: {e.GetType().Name}: {e.Message}");
        }
    }

    // A shell that runs already when there is no room for processes says so itself.
    private static bool IsRefusal(Exception e) =>
        e is RefusedException or System.Net.Sockets.SocketException or HttpRequestException or IOException or Jobd.Core.Native.NativeException
        || (e is WrongAnswerException && e.Message.Contains("Cannot fork", StringComparison.Ordinal));

    /// <summary>What was done, one kind a line.</summary>
    internal string Summary() => string.Join('\n', _done.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value,7} {pair.Key}"));

    private sealed class Troubled : IDisposable
    {
        private readonly LoadLedger _ledger;

        internal Troubled(LoadLedger ledger)
        {
            _ledger = ledger;
            Interlocked.Increment(ref ledger._troubles);
            Interlocked.Increment(ref ledger._epoch);
        }

        public void Dispose()
        {
            Interlocked.Increment(ref _ledger._epoch);
            Interlocked.Decrement(ref _ledger._troubles);
        }
    }
}
