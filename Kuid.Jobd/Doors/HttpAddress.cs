using System.Globalization;
using System.Net;

namespace Kuid.Jobd.Doors;

/// <summary>Where the HTTP door listens on TCP.</summary>
/// <param name="Host">An address of this machine.</param>
/// <param name="Port">The port.</param>
public sealed record HttpAddress(IPAddress Host, int Port)
{
    /// <summary>Whether only this machine can reach it: on any other address what is spoken has to be encrypted.</summary>
    public bool IsLoopback => Host.Equals(IPAddress.Loopback) || Host.Equals(IPAddress.IPv6Loopback);

    /// <summary>Reads <c>HOST:PORT</c>; a name other than localhost is none, for what it means is others' to say.</summary>
    /// <exception cref="FormatException">Says what is allowed.</exception>
    public static HttpAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        return HostOf(colon < 0 ? string.Empty : text[..colon]) is { } host
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= IPEndPoint.MaxPort
                ? new HttpAddress(host, port)
                : throw new FormatException(
                    "allowed: HOST:PORT with 127.0.0.1, [::1] or localhost, or with TLS any address in digits, and a port from 1 to 65535, or off");
    }

    /// <inheritdoc/>
    public override string ToString() => new IPEndPoint(Host, Port).ToString();

    private static IPAddress? HostOf(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        ['[', .., ']'] => IPAddress.TryParse(text[1..^1], out IPAddress? six) && six.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? six : null,
        _ => IPAddress.TryParse(text, out IPAddress? four) && four.ToString() == text && four.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? four : null,
    };
}
