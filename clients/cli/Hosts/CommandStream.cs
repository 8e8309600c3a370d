using System.Diagnostics;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Hosts;

/// <summary>A command's standard input and output as one stream.</summary>
/// <param name="command">The command, started; it is ended with the stream.</param>
internal sealed class CommandStream(Process command)
    : DuplexStream(command.StandardOutput.BaseStream, command.StandardInput.BaseStream)
{
    // A command whose input has ended is given this long to end by itself, as ssh does when its session is over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseInputAsync();
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            await command.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            command.Kill();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            command.Dispose();
    }

    private async Task CloseInputAsync()
    {
        try
        {
            await command.StandardInput.BaseStream.DisposeAsync();
        }
        catch (IOException)
        {
            // It has gone, and what was still to be written with it.
        }
    }
}
