using System.Diagnostics;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Starts commands for exec: addresses, as a program does that has no spawn shim of its own.</summary>
internal sealed class ProcessStarter : ICommandStarter
{
    public ValueTask<Stream> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return ValueTask.FromResult<Stream>(new CommandStream(Process.Start(start)!));
    }

    /// <summary>Both ends of a command as one stream.</summary>
    private sealed class CommandStream(Process process) : WrappedStream(process.StandardOutput.BaseStream, process.StandardInput.BaseStream)
    {
        private bool _ended;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!disposing || Interlocked.Exchange(ref _ended, true))
                return;

            if (!process.HasExited)
                process.Kill();

            process.Dispose();
        }
    }
}
