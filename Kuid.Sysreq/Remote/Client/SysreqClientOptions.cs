namespace Kuid.Sysreq.Remote;

/// <summary>Limits of a connection.</summary>
public sealed record SysreqClientOptions
{
    /// <summary>The defaults.</summary>
    public static SysreqClientOptions Default { get; } = new();

    /// <summary>How long the server may take to send its banner and answer the first request.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of requests sent and not yet answered, at most; a single larger request goes alone.</summary>
    public int MaxRequestBytesInFlight { get; init; } = 256 * 1024;

    /// <summary>Bytes of replies that are expected at once, at most; a single larger reply comes alone.</summary>
    public int MaxReplyBytesInFlight { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of memory that the connection maps in the server, at most.</summary>
    public long MaxScratchBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// How long a cancelled call still waits for the answers to what it has sent. After that the connection is closed, because the
    /// server is inside a call that does not end.
    /// </summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether requests go without waiting where the server says that they may. Off is for comparison.</summary>
    public bool AllowPipelining { get; init; } = true;

    /// <summary>
    /// Where programs are run for a connection whose own process cannot have children, the one of <see cref="LocalTransport"/>: a server on the
    /// same machine. Null is the connection itself.
    /// </summary>
    public ITransport? Programs { get; init; }
}
