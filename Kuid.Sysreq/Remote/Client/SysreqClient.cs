namespace Kuid.Sysreq.Remote;

/// <summary>
/// A connection to a server: system calls that another process makes. It may be used from many tasks; requests are executed in the
/// order in which they are sent.
/// </summary>
/// <remarks>
/// Cancellation takes effect between requests: what was sent is still answered and the client stays in step. Where the server does not
/// answer within <see cref="SysreqClientOptions.CancellationGrace"/> the connection is closed, and the exception says so.
/// </remarks>
public sealed class SysreqClient : IAsyncDisposable
{
    /// <summary>The connection itself, as the server sees it: reading and writing it are transfers.</summary>
    internal const int Descriptor = 3;

    private readonly Stream _stream;
    private readonly Exchange _exchange;

    private SysreqClient(Stream stream, ReplyReader reader, ServerIdent ident, Architecture architecture, SysreqClientOptions options)
    {
        this._stream = stream;
        Ident = ident;
        Architecture = architecture;
        _exchange = new Exchange(stream, reader, options, ident.Pipelines && options.AllowPipelining);
        Scratch = new ScratchArena(this, options.MaxScratchBytes);
        Options = options;
    }

    /// <summary>What the server said first.</summary>
    public ServerIdent Ident { get; }

    /// <summary>Its machine.</summary>
    public Architecture Architecture { get; }

    /// <summary>Memory in the server.</summary>
    public ScratchArena Scratch { get; }

    /// <summary>The server's process id, asked at the start as the original's client does.</summary>
    public int Pid { get; private set; }

    /// <summary>How many requests were answered so far.</summary>
    public long Completed => _exchange.Completed;

    internal SysreqClientOptions Options { get; }

    /// <summary>Opens a connection, reads the banner and asks for the process id.</summary>
    /// <exception cref="IOException">It could not be opened, or what answers is no server.</exception>
    public static async Task<SysreqClient> ConnectAsync(
        ITransport transport, SysreqClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        options ??= SysreqClientOptions.Default;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            return await ConnectWithinAsync(transport, options, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the server did not answer within {options.ConnectTimeout.TotalSeconds} s", error);
        }
    }

    /// <summary>Makes a system call and gives its raw result: -4095..-1 is a negated errno. Arguments that are missing are 0.</summary>
    /// <exception cref="ConnectionLostException">The connection ended first; also what exit looks like.</exception>
    /// <exception cref="ArgumentException">The call is not answered by one number: transfers, fork and its kin, execve.</exception>
    public async ValueTask<long> CallAsync(
        long number,
        long a1 = 0,
        long a2 = 0,
        long a3 = 0,
        long a4 = 0,
        long a5 = 0,
        long a6 = 0,
        CancellationToken cancellationToken = default)
    {
        RefuseWhatLosesStep(number, a1, a3);
        var batch = new Batch();
        var call = batch.Call(number, a1, a2, a3, a4, a5, a6);
        await SendAsync(batch, cancellationToken);
        return call.Result;
    }

    /// <summary>
    /// Sends the requests of a batch, one behind the other where the server allows it, and waits for all replies. A cancelled batch
    /// throws only when some of it was not sent; <see cref="Request.IsAnswered"/> tells which.
    /// </summary>
    /// <exception cref="ConnectionLostException">The connection ended first.</exception>
    /// <exception cref="AbsurdReplyException">The server answered what cannot be.</exception>
    /// <exception cref="SysreqException">A transfer failed. That another call was refused only its <see cref="Request.Error"/> tells.</exception>
    public Task SendAsync(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _exchange.SendAsync(batch, cancellationToken);
    }

    /// <summary>Closes the connection; its server process ends.</summary>
    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    internal Task<Exchange.Turn> TakeTurnAsync(CancellationToken cancellationToken) => _exchange.TakeTurnAsync(cancellationToken);

    /// <summary>Ends the connection because nothing that the server says can be believed any more.</summary>
    internal void Abort(AbsurdReplyException error) => _exchange.Fail(error);

    /// <summary>Gives the stream away, with what was read of it already. The client is used up.</summary>
    internal async Task<Stream> ReleaseStreamAsync() => new PrefixedStream(await _exchange.ReleaseStreamAsync(), _stream);

    /// <summary>Calls that are answered by more or less than one number, after which no reply would be where it is expected.</summary>
    private void RefuseWhatLosesStep(long number, long a1, long a3)
    {
        var calls = Architecture.Calls;
        if (a1 == Descriptor && a3 != 0 && (number == calls.Read.Number || number == calls.Write.Number))
            throw new ArgumentException("descriptor 3 is the connection itself: use an upload or a download", nameof(a1));

        var name = Architecture.NameOf(number);
        if (name is "fork" or "vfork" or "clone" or "clone3")
            throw new ArgumentException($"{name} is answered by two processes: a program is started by running it", nameof(number));

        if (name is "execve" or "execveat")
            throw new ArgumentException($"{name} is answered by the program: the server becomes one by a call of its own", nameof(number));
    }

    private static async Task<SysreqClient> ConnectWithinAsync(
        ITransport transport, SysreqClientOptions options, CancellationToken cancellationToken)
    {
        var opened = await transport.OpenAsync(cancellationToken);
        SysreqClient? client = null;
        try
        {
            var reader = new ReplyReader(opened);
            var banner = new byte[ServerIdent.Length];
            try
            {
                await reader.ReadExactlyAsync(banner, cancellationToken);
            }
            catch (EndOfStreamException error)
            {
                throw new ConnectionLostException("it was closed before the banner came", 0, 0, error);
            }

            var ident = ReplyDecoder.DecodeIdent(banner);
            var architecture = Architecture.OfMachine(ident.Machine)!;
            client = new SysreqClient(opened, reader, ident, architecture, options);
            await client.StartAsync(cancellationToken);
            return client;
        }
        catch
        {
            if (client is not null)
                await client.DisposeAsync();

            await opened.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var pid = await CallAsync(Architecture.Calls.GetPid.Number, cancellationToken: cancellationToken);
        if (pid is <= 0 or > int.MaxValue)
            throw new AbsurdReplyException($"the server says that its process id is {pid}");

        Pid = (int)pid;
        if (Ident.IsOriginal)
            await SendWithoutDelayAsync(cancellationToken);
    }

    /// <summary>
    /// The original answers a download in two small writes. Without TCP_NODELAY the second waits for the acknowledgement of the first,
    /// which the client's kernel delays: 44 ms for every transfer. A Unix socket or a pipe refuses the option, which is as well.
    /// </summary>
    private async Task SendWithoutDelayAsync(CancellationToken cancellationToken)
    {
        const int IpprotoTcp = 6;
        const int TcpNoDelay = 1;
        using var one = await Scratch.RentAsync(sizeof(int), cancellationToken);
        var batch = new Batch();
        batch.Upload(one, new byte[] { 1, 0, 0, 0 });
        batch.Call(Architecture.Calls.SetSockOpt, Descriptor, IpprotoTcp, TcpNoDelay, one.Address, sizeof(int));
        await SendAsync(batch, cancellationToken);
    }
}
