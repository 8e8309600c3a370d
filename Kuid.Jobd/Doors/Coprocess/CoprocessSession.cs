using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>The shell of one connection, started when it is first needed and ended with the connection.</summary>
/// <param name="program">The shell's file.</param>
/// <param name="isolation">What its isolation means.</param>
internal sealed class CoprocessSession(Spawner spawner, Reactor reactor, string program, IsolationPolicy isolation) : IAsyncDisposable
{
    // Beside the daemon's own files, as the spawn shim is.
    private static readonly string Shim = Path.Combine(AppContext.BaseDirectory, "libkuidcoprocess.so");

    private CoprocessShell? _shell;

    /// <summary>The shell.</summary>
    /// <exception cref="SpawnException">It cannot be executed.</exception>
    /// <exception cref="CoprocessShellException">It is no shell that takes the shim.</exception>
    internal async Task<CoprocessShell> ShellAsync() => _shell ??= await CoprocessShell.StartAsync(
        spawner, reactor, System.Text.Encoding.UTF8.GetBytes(program), [], cwd: null, Shim,
        shell => isolation.Isolated(shell, isolation.DefaultOf(JobOrigin.Coprocess)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _shell?.DisposeAsync() ?? ValueTask.CompletedTask;
}
