using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors;

/// <summary>
/// The accept loop of one socket. It never talks to a peer, so that a silent one cannot keep the others out; each connection
/// goes to the door at once.
/// </summary>
/// <remarks>
/// When the process is out of descriptors, accept fails and the connection stays in the backlog, its client waiting for an
/// answer that will not come. So one descriptor is held in reserve: it is let go to accept that client, tell it, and close.
/// The listener owns the socket and the reserve.
/// </remarks>
public sealed class Listener : IDisposable
{
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(100);

    private readonly ListeningSocket _socket;
    private readonly Descriptor _descriptor;
    private readonly IDoor _door;
    private readonly ILogger _log;
    private SafeFd? _reserve = OpenReserve();

    /// <summary>Takes the socket over.</summary>
    public Listener(ListeningSocket socket, Reactor reactor, IDoor door, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _descriptor = new Descriptor(reactor, socket.Fd, EpollEvents.In, Wakes.AtOnce);
        _door = door;
        _log = log;
    }

    /// <summary>Accepts until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _descriptor.ReadableAsync(stopping);
                while (!stopping.IsCancellationRequested && await AcceptAsync(stopping))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>
    /// Lets nobody new in, and those who are connected but not accepted yet: closing the socket would reset them, who were
    /// promised an answer. On TCP those who connect meanwhile are let in too, up to a whole backlog.
    /// </summary>
    public void TakeTheLast()
    {
        _socket.RefuseNewcomers();
        try
        {
            for (int i = 0; i < ListeningSocket.Backlog && LibcSocket.Accept(_socket.Fd) is { } connection; i++)
            {
                _door.Open(connection, _socket.Mode);
            }
        }
        catch (NativeException e)
        {
            Log.AcceptFailed(_log, _socket.Name, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The path goes first: a client finds a socket that answers, or none.
        _socket.RemovePath();
        _descriptor.Dispose();
        _socket.Dispose();
        _reserve?.Dispose();
    }

    /// <returns>Whether there may be more.</returns>
    private async ValueTask<bool> AcceptAsync(CancellationToken stopping)
    {
        try
        {
            SafeFd? connection = LibcSocket.Accept(_socket.Fd);
            if (connection is not null)
            {
                _door.Open(connection, _socket.Mode);
            }

            return connection is not null;
        }
        catch (NativeException e) when (e.Errno is Errno.EMFILE or Errno.ENFILE && TryRefuseOne() is { } refused)
        {
            return refused;
        }
        catch (NativeException e)
        {
            Log.AcceptFailed(_log, _socket.Name, e.Message);
            await Task.Delay(BackOff, stopping);
            return true;
        }
    }

    /// <summary>Lets the reserve go for as long as it takes to tell one client.</summary>
    /// <returns>Whether one was told; false when nobody waits; null when even this failed.</returns>
    private bool? TryRefuseOne()
    {
        _reserve?.Dispose();
        try
        {
            using SafeFd? connection = LibcSocket.Accept(_socket.Fd);
            if (connection is not null)
            {
                _door.RefuseForWantOfDescriptors(connection);
            }

            return connection is not null;
        }
        catch (NativeException)
        {
            return null;
        }
        finally
        {
            _reserve = OpenReserve();
        }
    }

    private static SafeFd? OpenReserve()
    {
        try
        {
            return LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);
        }
        catch (NativeException)
        {
            return null;
        }
    }
}
