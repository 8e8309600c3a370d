using Kuid.Cli.Hosts;
using Kuid.Cli.Printing;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Interaction;

/// <summary>
/// The session behind a prompt. Its connection may be lost; then the next line opens another, which begins anew: directory,
/// variables and functions were the lost one's.
/// </summary>
/// <param name="host">Where.</param>
/// <param name="format">How rows are printed.</param>
internal sealed class ShellSession(Host host, string format) : IAsyncDisposable
{
    /// <summary>The session; null as long as there is no connection.</summary>
    internal Session? Current { get; private set; }

    /// <summary>The number of the process that serves it.</summary>
    internal string Prompt => Current is { } session ? $"({session.Pid})> " : "(no connection)> ";

    /// <summary>The status of the last script or program.</summary>
    internal int Status { get; set; }

    /// <summary>The status that <c>exit</c> was called with; null as long as it was not.</summary>
    internal int? ExitStatus => Current?.ExitStatus;

    /// <summary>Connects, unless there is a connection.</summary>
    /// <exception cref="FailureException">The host cannot be reached.</exception>
    internal async Task<Session> ConnectAsync(CancellationToken cancellation) => Current ??= await host.OpenAsync([], cancellation);

    /// <summary>Evaluates a script; what goes wrong is said, and the session goes on.</summary>
    /// <returns>Whether it came to its end, rather than being cancelled or losing the connection.</returns>
    internal async Task<bool> EvaluateAsync(Script script, CancellationToken cancellation)
    {
        try
        {
            Session session = await ConnectAsync(cancellation);
            await using StreamSink sink = RowOutput.Open(format);
            Status = await session.EvaluateAsync(script, sink, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Status = ExitCode.Interrupted;
            return false;
        }
        catch (IOException e)
        {
            Status = ExitCode.Failure;
            Talk.Line(e.Message);
            await DisposeAsync();
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Current is { } session)
        {
            Current = null;
            try
            {
                await session.DisposeAsync();
            }
            catch (ConnectionLostException)
            {
                // That it is lost is why, or is as well now.
            }
        }
    }
}
