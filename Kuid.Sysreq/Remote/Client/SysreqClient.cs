namespace Kuid.Sysreq.Remote;

/// <summary>A connection to a server: system calls that another process makes, in order.</summary>
public sealed class SysreqClient : IAsyncDisposable
{
    private SysreqClient()
    {
    }

    /// <summary>What the server said first.</summary>
    public ServerIdent Ident => throw Soon();

    /// <summary>Its machine.</summary>
    public Architecture Architecture => throw Soon();

    /// <summary>The server's process id, asked at the start as the original's client does.</summary>
    public int Pid => throw Soon();

    /// <summary>How many requests were answered so far.</summary>
    public long Completed => throw Soon();

    /// <summary>Opens a connection, reads the banner and asks for the process id.</summary>
    /// <exception cref="IOException">It could not be opened, or what answers is no server.</exception>
    public static Task<SysreqClient> ConnectAsync(
        ITransport transport, SysreqClientOptions? options = null, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Makes a system call and gives its raw result: -4095..-1 is a negated errno. Arguments that are missing are 0.</summary>
    /// <exception cref="ConnectionLostException">The connection ended first; also what exit and a successful execve look like.</exception>
    public ValueTask<long> CallAsync(
        long number,
        long a1 = 0,
        long a2 = 0,
        long a3 = 0,
        long a4 = 0,
        long a5 = 0,
        long a6 = 0,
        CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Closes the connection; its server process ends.</summary>
    public ValueTask DisposeAsync() => throw Soon();

    private static NotSupportedException Soon() => new("not yet");
}
