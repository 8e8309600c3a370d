namespace Kuid.Bench.Daemons;

/// <summary>The original sockproc.</summary>
internal sealed class Sockproc : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Sockproc(string socket, ChildProcess process)
    {
        _process = process;
        Socket = socket;
    }

    /// <summary>Its socket.</summary>
    internal string Socket { get; }

    /// <summary>Starts it; null when there is none to start.</summary>
    /// <exception cref="CaseFailedException">It does not answer.</exception>
    internal static async Task<Sockproc?> StartAsync(Workbench bench, CancellationToken cancellation)
    {
        if (bench.Options.Sockproc is not { } program)
        {
            return null;
        }

        string socket = bench.Scratch.NewPath("sockproc");
        ChildProcess process = ChildProcess.Start(bench.Scratch.NewPath("sockproc.log"), [program, socket, "--foreground"]);
        try
        {
            await process.ReadyAsync(() => SockprocProbe.AnswersAsync(socket, cancellation), cancellation);
            return new Sockproc(socket, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
