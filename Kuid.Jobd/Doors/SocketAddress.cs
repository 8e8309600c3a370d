using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Jobd.Doors;

/// <summary>Where a raw door listens: a Unix socket's path, or a TCP port on 127.0.0.1.</summary>
public sealed record SocketAddress
{
    /// <summary>The longest path in bytes: sun_path has 108, and one is the NUL (unix(7)).</summary>
    public const int MaxPathBytes = 107;

    private SocketAddress(EndPoint endPoint, string? path)
    {
        EndPoint = endPoint;
        Path = path;
    }

    /// <summary>The address for the socket calls.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The absolute path of a Unix socket; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>A Unix socket's path, which must be absolute.</summary>
    /// <exception cref="FormatException">It is too long.</exception>
    public static SocketAddress OfPath(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        return bytes <= MaxPathBytes
            ? new SocketAddress(new UnixDomainSocketEndPoint(path), path)
            : throw new FormatException($"the path of a Unix socket has at most {MaxPathBytes} bytes, {path} has {bytes}");
    }

    /// <summary>A TCP port of this machine.</summary>
    public static SocketAddress OfLoopback(LoopbackAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new SocketAddress(new IPEndPoint(address.Host, address.Port), path: null);
    }

    /// <summary>Where the HTTP door listens on TCP.</summary>
    internal static SocketAddress Of(HttpAddress address) => new(new IPEndPoint(address.Host, address.Port), path: null);

    /// <summary>Reads an address as sockproc does: all digits are a port, everything else is a path.</summary>
    /// <exception cref="FormatException">Says what is allowed.</exception>
    public static SocketAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
                && port is > 0 and <= IPEndPoint.MaxPort
                ? new SocketAddress(new IPEndPoint(IPAddress.Loopback, port), path: null)
                : throw new FormatException("a TCP port is 1 to 65535");
        }

        if (!text.Contains('/', StringComparison.Ordinal) && text.Split(':') is [_, { Length: > 0 } digits] && digits.All(char.IsAsciiDigit))
        {
            throw new FormatException("a TCP address is the port alone, on 127.0.0.1; a path like this one begins with ./");
        }

        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException("an address is a path, or all digits for a TCP port on 127.0.0.1");
        }

        return OfPath(System.IO.Path.GetFullPath(text));
    }

    /// <summary>Reads an address as sockproc does, or a host of this machine with a port.</summary>
    /// <param name="folder">Where a relative path begins.</param>
    /// <exception cref="FormatException">Says what is allowed.</exception>
    internal static SocketAddress OfThisMachine(string text, string folder) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) ? Parse(text)
        : text.Contains(':', StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal) ? OfLoopback(LoopbackAddress.Parse(text))
        : Parse(System.IO.Path.GetFullPath(text, folder));

    /// <inheritdoc/>
    public override string ToString() => Path ?? EndPoint.ToString()!;
}
