using System.Net;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>The sockets that the HTTP door listens on.</summary>
internal static class HttpSockets
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens those that are wanted, one after the other as they are asked for.</summary>
    /// <param name="inherited">Those that a supervisor has opened; they are taken over.</param>
    /// <exception cref="StartException">Says why one cannot be had.</exception>
    internal static IEnumerable<ListeningSocket> Open(HttpOptions options, DataFolder folder, IEnumerable<ListeningSocket> inherited)
    {
        if (options.Socket is { } path)
        {
            yield return ListeningSocket.Open(AddressOf(Path.Combine(folder.Path, path)), options.Mode, group: null);
        }

        if (options.Address is { } address)
        {
            yield return ListeningSocket.Open(SocketAddress.Of(address), OwnerOnly, group: null);
        }

        foreach (ListeningSocket socket in inherited)
        {
            ThrowIfReachable(socket);
            yield return socket;
        }
    }

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
