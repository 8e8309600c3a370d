namespace Kuid.Sysreq.Remote;

/// <summary>The transport of an address.</summary>
public static class HostAddressTransports
{
    /// <summary>Makes the transport.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="starter">Starts the command of an <c>exec:</c> address.</param>
    /// <exception cref="NotSupportedException">It is an <c>exec:</c> address and nobody starts commands here.</exception>
    public static ITransport ToTransport(this HostAddress address, ICommandStarter? starter = null) => address switch
    {
        UnixAddress unix => new UnixTransport(unix.Path),
        TcpAddress tcp => new TcpTransport(tcp.Host, tcp.Port),
        TlsAddress tls => new TlsTransport(tls),
        ExecAddress exec when starter is not null => new ExecTransport(exec.Arguments, starter),
        ExecAddress => throw new NotSupportedException("exec: addresses are not available here"),
        LocalAddress => new LocalTransport(),
        _ => throw new ArgumentException($"no transport for {address}", nameof(address)),
    };
}
