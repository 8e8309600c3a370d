using System.Diagnostics;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Hosts;

/// <summary>
/// Starts the commands of <c>exec:</c> addresses. Their standard error is kuid's own: what ssh(1) asks and complains of is for the
/// person at the terminal.
/// </summary>
/// <remarks>
/// Ctrl-C is meant for the pipeline, but the terminal sends it to everything in the foreground. A process group of its own would
/// keep it from the command, and would stop an ssh that asks for a password. So the command ignores SIGINT and SIGQUIT, which a
/// program inherits over exec; .NET cannot start one so, and a line of sh(1) can.
/// </remarks>
internal sealed class CommandStarter : ICommandStarter
{
    private const string IgnoringCtrlC = """trap "" INT QUIT; exec "$@" """;

    /// <inheritdoc/>
    public ValueTask<Stream> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", IgnoringCtrlC, "kuid", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            return ValueTask.FromResult<Stream>(new CommandStream(Process.Start(start)!));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{arguments[0]} cannot be started: {e.Message}", e);
        }
    }
}
