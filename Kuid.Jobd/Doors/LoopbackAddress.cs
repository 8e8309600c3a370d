using System.Globalization;
using System.Net;

namespace Kuid.Jobd.Doors;

/// <summary>Where services are called on TCP: only this machine can reach it, because what is spoken there is not encrypted.</summary>
/// <param name="Host">127.0.0.1 or ::1.</param>
/// <param name="Port">The port.</param>
public sealed record LoopbackAddress(IPAddress Host, int Port)
{
    /// <summary>Reads <c>HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">Says what is allowed.</exception>
    public static LoopbackAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        IPAddress? host = (colon < 0 ? string.Empty : text[..colon]) switch
        {
            "127.0.0.1" or "localhost" => IPAddress.Loopback,
            "[::1]" => IPAddress.IPv6Loopback,
            _ => null,
        };
        return host is not null
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= IPEndPoint.MaxPort
                ? new LoopbackAddress(host, port)
                : throw new FormatException(
                    "allowed: HOST:PORT with 127.0.0.1, [::1] or localhost and a port from 1 to 65535, or off; for callers from elsewhere put ssh or a TLS proxy in front");
    }
}
