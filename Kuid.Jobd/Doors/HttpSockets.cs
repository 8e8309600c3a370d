namespace Kuid.Jobd.Doors;

/// <summary>The sockets that the HTTP door listens on.</summary>
internal static class HttpSockets
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens those that are wanted, one after the other as they are asked for.</summary>
    /// <exception cref="StartException">Says why one cannot be had.</exception>
    internal static IEnumerable<ListeningSocket> Open(HttpOptions options, DataFolder folder)
    {
        if (options.Socket is { } path)
        {
            yield return ListeningSocket.Open(AddressOf(Path.Combine(folder.Path, path)), OwnerOnly, group: null);
        }

        if (options.Address is { } address)
        {
            yield return ListeningSocket.Open(SocketAddress.OfLoopback(address), OwnerOnly, group: null);
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
