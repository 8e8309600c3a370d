using Kuid.Sysreq.Remote;

namespace Kuid.Bench.Daemons;

/// <summary>A kuid-sysreqd on a Unix socket.</summary>
internal sealed class SysreqServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SysreqServer(ITransport transport, ChildProcess process)
    {
        _process = process;
        Transport = transport;
    }

    /// <summary>Opens connections to it.</summary>
    internal ITransport Transport { get; }

    /// <exception cref="CaseFailedException">It does not answer.</exception>
    internal static async Task<SysreqServer> StartAsync(Workbench bench, CancellationToken cancellation)
    {
        string socket = bench.Scratch.NewPath("sysreqd");
        string program = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(bench.Options.Daemon))!, "kuid-sysreqd");
        ChildProcess process = ChildProcess.Start(bench.Scratch.NewPath("kuid-sysreqd.log"), [program, socket]);
        ITransport transport = HostAddress.Parse("unix:" + socket).ToTransport();
        try
        {
            await process.ReadyAsync(() => AnswersAsync(transport, cancellation), cancellation);
            return new SysreqServer(transport, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> AnswersAsync(ITransport transport, CancellationToken cancellation)
    {
        try
        {
            await using SysreqClient client = await SysreqClient.ConnectAsync(transport, options: null, cancellation);
            return true;
        }
        catch (IOException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
