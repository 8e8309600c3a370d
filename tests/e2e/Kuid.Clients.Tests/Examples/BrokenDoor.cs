using System.Net.Sockets;
using System.Text;

namespace Kuid.Clients.Tests.Examples;

/// <summary>
/// A Unix socket in front of a daemon's. Its first connection is answered with 503 and Retry-After, the answer of the second never comes
/// although the daemon has given it, and each of the following ones breaks after some bytes, until it has had enough of that.
/// </summary>
internal sealed class BrokenDoor : IAsyncDisposable
{
    private const int Cuts = 12;

    private static readonly byte[] Busy = Encoding.ASCII.GetBytes(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        + "Content-Length: 22\r\n\r\n{\"code\":\"unavailable\"}");

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private readonly string _daemon;
    private readonly Random _random = new(7);
    private int _faults;

    internal BrokenDoor(string path, string daemon)
    {
        Path = path;
        _daemon = daemon;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    internal string Path { get; }

    /// <summary>How many connections have come to grief.</summary>
    internal int Faults => Volatile.Read(ref _faults);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll([_accepting, .. _connections]);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (int number = 0; ; number++)
            {
                Socket client = await _listener.AcceptAsync(_end.Token);
                int budget = number > Cuts ? int.MaxValue : _random.Next(1, 1_500_000);
                _connections.Add(number == 0 ? RefuseAsync(client) : ForwardAsync(client, number == 1 ? 0 : budget));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task RefuseAsync(Socket client)
    {
        using Socket _ = client;
        Interlocked.Increment(ref _faults);
        try
        {
            // The head of the request, and whatever of its body came with it.
            await client.ReceiveAsync(new byte[65536], _end.Token);
            await client.SendAsync(Busy, _end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client did not wait.
        }
    }

    private async Task ForwardAsync(Socket client, int budget)
    {
        using Socket _ = client;
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            await daemon.ConnectAsync(new UnixDomainSocketEndPoint(_daemon), end.Token);
            Task requests = CopyAsync(client, daemon, int.MaxValue, end.Token);
            Task<bool> answers = CopyAsync(daemon, client, budget, end.Token);
            await Task.WhenAny(requests, answers);
            if (answers.IsCompletedSuccessfully && await answers)
            {
                Interlocked.Increment(ref _faults);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // One of the two is gone.
        }

        await end.CancelAsync();
    }

    // True when there would have been more than the budget allows.
    private static async Task<bool> CopyAsync(Socket from, Socket to, int budget, CancellationToken end)
    {
        byte[] bytes = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(bytes, end) is > 0 and int count)
            {
                int allowed = Math.Min(count, budget);
                budget -= allowed;
                for (int sent = 0; sent < allowed;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, allowed - sent), end);
                }

                if (allowed < count)
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side is over too.
        }

        return false;
    }
}
