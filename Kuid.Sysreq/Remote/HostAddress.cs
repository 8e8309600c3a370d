namespace Kuid.Sysreq.Remote;

/// <summary>
/// Where a server is: <c>unix:PATH</c>, <c>tcp:HOST:PORT</c>, <c>tls:HOST:PORT[?cert=FILE&amp;key=FILE&amp;ca=FILE]</c>,
/// <c>exec:COMMAND ARGS...</c> or <c>local</c>. It prints as what it was read from.
/// </summary>
public abstract record HostAddress
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong and what is allowed.</exception>
    public static HostAddress Parse(string text) => HostAddressParser.Parse(text);
}

/// <summary><c>unix:PATH</c>: a Unix socket.</summary>
public sealed record UnixAddress(string Path) : HostAddress
{
    /// <inheritdoc/>
    public override string ToString() => $"unix:{Path}";
}

/// <summary><c>tcp:HOST:PORT</c>; an IPv6 address in brackets.</summary>
public sealed record TcpAddress(string Host, int Port) : HostAddress
{
    /// <inheritdoc/>
    public override string ToString() => $"tcp:{Host}:{Port}";
}

/// <summary><c>tls:HOST:PORT[?cert=FILE&amp;key=FILE&amp;ca=FILE&amp;pin=FILE]</c>: TLS 1.3, both sides with a certificate.</summary>
/// <param name="Host">Name or address; the server's certificate must be for it, unless it is pinned.</param>
/// <param name="Port">1..65535.</param>
/// <param name="Certificate">PEM file of the client's certificate.</param>
/// <param name="Key">PEM file of its key; null when it is in the certificate's file.</param>
/// <param name="Authority">PEM file of the authorities that may have signed the server's certificate; null is the system's.</param>
/// <param name="Pin">PEM file of the one certificate that the server must have.</param>
public sealed record TlsAddress(
    string Host, int Port, string? Certificate = null, string? Key = null, string? Authority = null, string? Pin = null) : HostAddress
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var options = new[] { ("cert", Certificate), ("key", Key), ("ca", Authority), ("pin", Pin) }
            .Where(option => option.Item2 is not null)
            .Select(option => $"{option.Item1}={Uri.EscapeDataString(option.Item2!).Replace("%2F", "/", StringComparison.Ordinal)}");
        var query = string.Join('&', options);
        return query.Length == 0 ? $"tls:{Host}:{Port}" : $"tls:{Host}:{Port}?{query}";
    }
}

/// <summary><c>exec:COMMAND ARGS...</c>: stdin and stdout of a command, such as <c>ssh host kuid-sysreqd -</c>.</summary>
/// <param name="Arguments">The command and its arguments, separated by blanks; a part with a blank is quoted with <c>'...'</c>.</param>
public sealed record ExecAddress(IReadOnlyList<string> Arguments) : HostAddress
{
    /// <inheritdoc/>
    public bool Equals(ExecAddress? other) => other is not null && Arguments.SequenceEqual(other.Arguments, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Arguments.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"exec:{string.Join(' ', Arguments.Select(HostAddressParser.Quote))}";
}

/// <summary><c>local</c>: the machine that the client runs on, without any server where that is possible.</summary>
public sealed record LocalAddress : HostAddress
{
    /// <inheritdoc/>
    public override string ToString() => "local";
}
