using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Kuid.Daemon.Tests;

/// <summary>The part of a supervisor that listens: NOTIFY_SOCKET, a path or an abstract name, and what was said there.</summary>
internal sealed class SupervisorSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _words = Channel.CreateUnbounded<string>();
    private readonly List<string> _all = [];

    /// <param name="address">As NOTIFY_SOCKET has it.</param>
    internal SupervisorSocket(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        _ = ListenAsync();
    }

    internal string Address { get; }

    /// <summary>All that was said so far.</summary>
    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>The environment for a daemon that is to speak here.</summary>
    internal Dictionary<string, string?> Environment(TimeSpan? watchdog = null) => new(StringComparer.Ordinal)
    {
        ["NOTIFY_SOCKET"] = Address,
        ["WATCHDOG_USEC"] = watchdog is { } time ? FormattableString.Invariant($"{(long)time.TotalMicroseconds}") : null,
    };

    /// <summary>Waits for the next datagram that begins so; those before it are passed over.</summary>
    internal async Task<string> Next(string beginning)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string word;
        do
        {
            word = await _words.Reader.ReadAsync(patience.Token);
        }
        while (!word.StartsWith(beginning, StringComparison.Ordinal));
        return word;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                string word = Encoding.ASCII.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, SocketFlags.None));
                lock (_all)
                {
                    _all.Add(word);
                }

                _words.Writer.TryWrite(word);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _words.Writer.TryComplete();
        }
    }
}
