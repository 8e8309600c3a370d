using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Kuid.Jobd.Core.Native;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api;

/// <summary>The connections that whoever accepts them hands to the HTTP door, in place of sockets that the web server would accept from.</summary>
/// <remarks>
/// Kestrel's own loop takes an accept that fails for want of descriptors for a connection that was reset and tries again at once, for
/// as long as there are none, and closes the connections beyond its limit without a word. So the daemon accepts here as at its other
/// doors, and the web server begins where a connection is served.
/// </remarks>
public sealed class IncomingConnections
{
    /// <summary>What the web server is told to listen on for the connections of Unix sockets.</summary>
    internal EndPoint Unix { get; } = new Door("the daemon's HTTP sockets");

    /// <summary>The same for the connections of TCP ports, which may speak TLS.</summary>
    internal EndPoint Tcp { get; } = new Door("the daemon's HTTP ports");

    /// <summary>Takes a connection over, which is closed when it is over, or when nobody serves it any more.</summary>
    /// <param name="place">What is told when it has said who it is, and when it is over.</param>
    public void Add(SafeFd connection, IConnectionPlace place)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(place);
        var door = (Door)(LibcSocket.IsUnix(connection) ? Unix : Tcp);
        if (!door.Connections.Writer.TryWrite((connection, place)))
        {
            connection.Dispose();
            place.Dispose();
        }
    }

    /// <summary>Has the threads made that all its sockets share.</summary>
    /// <remarks>They come with the first wait of one of them, and where none could be made then, the door would be deaf for good.</remarks>
    internal static async Task MakeThreadsAsync()
    {
        (SafeFd near, SafeFd far) = LibcSocket.Pair();
        using Socket socket = Take(near);
        ValueTask<int> waiting = socket.ReceiveAsync(new byte[1].AsMemory());
        far.Dispose();
        await waiting;
    }

    /// <summary>What the web server gets its connections from.</summary>
    internal static IConnectionListenerFactory Factory(ILoggerFactory log) => new Listeners(log);

    private static Socket Take(SafeFd connection)
    {
        // One owner at every moment: what is thrown here must not leave two that close the number one after the other.
        var handle = new SafeSocketHandle(connection.Number, ownsHandle: true);
        connection.SetHandleAsInvalid();
        try
        {
            return new Socket(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private sealed class Door(string name) : EndPoint
    {
        internal Channel<(SafeFd Connection, IConnectionPlace Place)> Connections { get; } =
            Channel.CreateUnbounded<(SafeFd, IConnectionPlace)>(new UnboundedChannelOptions { SingleReader = true });

        public override string ToString() => name;
    }

    private sealed class Listeners(ILoggerFactory log) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new Listener((Door)endpoint, log));
    }

    private sealed class Listener(Door door, ILoggerFactory log) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _contexts =
            new(new SocketConnectionFactoryOptions(), log.CreateLogger<SocketConnectionContextFactory>());

        public EndPoint EndPoint => door;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await door.Connections.Reader.WaitToReadAsync(cancellationToken))
            {
                if (door.Connections.Reader.TryRead(out (SafeFd Connection, IConnectionPlace Place) next) && TryServe(next.Connection, next.Place) is { } context)
                {
                    return context;
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            door.Connections.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            door.Connections.Writer.TryComplete();
            while (door.Connections.Reader.TryRead(out (SafeFd Connection, IConnectionPlace Place) left))
            {
                left.Connection.Dispose();
                left.Place.Dispose();
            }

            _contexts.Dispose();
            return ValueTask.CompletedTask;
        }

        // A connection that is broken already is its client's misfortune and no reason to serve no others.
        private ConnectionContext? TryServe(SafeFd connection, IConnectionPlace place)
        {
            Socket? socket = null;
            try
            {
                socket = Take(connection);
                if (socket.AddressFamily != AddressFamily.Unix)
                {
                    socket.NoDelay = true;
                }

                ConnectionContext context = _contexts.Create(socket);
                context.Features.Set(place);
                return context;
            }
            catch (SocketException)
            {
                socket?.Dispose();
                place.Dispose();
                return null;
            }
        }
    }
}

/// <summary>The place of one connection among those that are served at once.</summary>
public interface IConnectionPlace : IDisposable
{
    /// <summary>Is cancelled when another one gets it.</summary>
    CancellationToken Dropped { get; }

    /// <summary>Its client has said who it is, and is known.</summary>
    void HasSpoken();
}
