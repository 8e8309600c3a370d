using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuid.Cli.Services;

/// <summary>Where services are called: <c>HOST:PORT</c>, the PORT of this machine, or the PATH of a Unix socket.</summary>
internal sealed record ServicesAddress
{
    private readonly EndPoint _endPoint;
    private readonly string _text;

    private ServicesAddress(EndPoint endPoint, string text) => (_endPoint, _text) = (endPoint, text);

    /// <summary>Reads an address.</summary>
    /// <exception cref="UsageException">Says what is allowed.</exception>
    internal static ServicesAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string port = text[(colon + 1)..];
        bool isPath = text.Contains('/', StringComparison.Ordinal) || port.Length == 0 || !port.All(char.IsAsciiDigit);
        if (isPath)
        {
            return new ServicesAddress(PathEndPoint(text), text);
        }

        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is 0 or > IPEndPoint.MaxPort)
        {
            throw new UsageException($"--services \"{text}\": a port is 1 to {IPEndPoint.MaxPort}");
        }

        string host = colon < 0 ? "127.0.0.1" : text[..colon].Trim('[', ']');
        return new ServicesAddress(IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, number) : new DnsEndPoint(host, number), text);
    }

    /// <summary>Connects.</summary>
    /// <exception cref="FailureException">Nobody is there.</exception>
    internal async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        Socket socket = _endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_endPoint, cancellation);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new FailureException($"services at {_text} cannot be reached: " + e.SocketErrorCode switch
            {
                // .NET's word for ENOENT on a Unix socket.
                SocketError.AddressNotAvailable when _endPoint is UnixDomainSocketEndPoint => "there is no such socket",
                SocketError.ConnectionRefused => "nobody listens there",
                _ => e.Message,
            });
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static UnixDomainSocketEndPoint PathEndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(Path.GetFullPath(path));
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--services \"{path}\": allowed: HOST:PORT, PORT, or the path of a Unix socket of at most 107 bytes");
        }
    }
}
