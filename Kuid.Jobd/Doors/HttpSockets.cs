using System.Net;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>
/// The sockets that the HTTP door listens on. They are opened here as the other doors' are, with the lock, the stale check and the
/// mode before anybody can connect, because the web server does none of that, and lent to it. It owns them.
/// </summary>
internal sealed class HttpSockets : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<ListeningSocket> _sockets = [];

    private HttpSockets()
    {
    }

    /// <summary>Whether there is none, and so no HTTP door.</summary>
    internal bool IsEmpty => _sockets.Count == 0;

    /// <summary>Their descriptors, borrowed.</summary>
    internal IReadOnlyList<SafeFd> Descriptors => [.. _sockets.Select(socket => socket.Fd)];

    /// <summary>Their addresses.</summary>
    internal IEnumerable<string> Names => _sockets.Select(socket => "http " + socket.Name);

    /// <summary>Opens those that are wanted.</summary>
    /// <param name="inherited">Those that a supervisor has opened; they are taken over.</param>
    /// <exception cref="StartException">Says why one cannot be had.</exception>
    internal static HttpSockets Open(HttpOptions options, DataFolder folder, IEnumerable<ListeningSocket> inherited)
    {
        var sockets = new HttpSockets();
        try
        {
            if (options.Socket is { } path)
            {
                sockets._sockets.Add(ListeningSocket.Open(AddressOf(Path.Combine(folder.Path, path)), options.Mode, group: null));
            }

            if (options.Address is { } address)
            {
                sockets._sockets.Add(ListeningSocket.Open(SocketAddress.Of(address), OwnerOnly, group: null));
            }

            foreach (ListeningSocket socket in inherited)
            {
                sockets._sockets.Add(socket);
                ThrowIfReachable(socket);
            }

            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>Lets nobody new find them.</summary>
    internal void RemovePaths() => _sockets.ForEach(socket => socket.RemovePath());

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    // An option that names such an address is refused, and a supervisor is no way around it.
    private static void ThrowIfReachable(ListeningSocket socket)
    {
        if (LibcSocket.LocalAddress(socket.Fd) is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address))
        {
            throw new StartException($"http {socket.Name}: listens on {address}; allowed: a Unix socket, or an address of the loopback", ExitCode.Usage);
        }
    }

    private static SocketAddress AddressOf(string path)
    {
        try
        {
            return SocketAddress.OfPath(path);
        }
        catch (FormatException e)
        {
            throw new StartException($"--http-socket: {e.Message}; give a shorter one, or off", ExitCode.Usage);
        }
    }
}
