using System.Runtime.InteropServices;
using Kuid.Cli.Editing;
using Kuid.Cli.Hosts;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Interaction;

/// <summary>
/// The shell at a terminal: a prompt, a line, what comes of it, and again. Ctrl-C ends what runs and not the shell; what cannot be
/// read or done is said, and the next prompt comes.
/// </summary>
/// <param name="host">Where.</param>
/// <param name="format">How rows are printed.</param>
internal sealed class InteractiveShell(Host host, string format)
{
    private readonly HistoryFile _historyFile = HistoryFile.OfUser();
    private CancellationTokenSource? _running;

    /// <summary>Stays until <c>exit</c>, <c>:quit</c> or Ctrl-D.</summary>
    /// <returns>kuid's exit code.</returns>
    internal async Task<int> RunAsync()
    {
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            Volatile.Read(ref _running)?.Cancel();
        });
        await using var session = new ShellSession(host, format);
        if (!await RunAsync(async cancellation => await Greeting.PrintAsync(host, await session.ConnectAsync(cancellation), cancellation)))
        {
            return ExitCode.Interrupted;
        }

        var history = new History(_historyFile.Read());
        var editor = new LineEditor(new ShellLanguage(session), history);
        while (session.ExitStatus is null && await editor.ReadAsync(session.Prompt, CancellationToken.None) is { } text)
        {
            Remember(history, text);
            if (text.AsSpan().Trim() is ":quit")
            {
                break;
            }

            await RunAsync(cancellation => DoAsync(session, text, cancellation));
        }

        return session.ExitStatus ?? session.Status;
    }

    // Whoever types a blank first wants no trace of the line, as in bash with its usual settings.
    private void Remember(History history, string text)
    {
        if (text.Length > 0 && !char.IsWhiteSpace(text[0]) && history.Add(text))
        {
            _historyFile.Append(text);
        }
    }

    private async Task DoAsync(ShellSession session, string text, CancellationToken cancellation)
    {
        switch (ShellLine.Of(text))
        {
            case ShellLine.Colon colon:
                ColonCommands.Run(colon.Words);
                break;
            case ShellLine.Program program:
                await new RemoteProgramRun(host, session).RunAsync(program.Command, cancellation);
                break;
            default:
                if (Source.Parse(text) is { } script)
                {
                    await session.EvaluateAsync(script, cancellation);
                }

                break;
        }
    }

    /// <returns>Whether it was left alone.</returns>
    private async Task<bool> RunAsync(Func<CancellationToken, Task> act)
    {
        using var running = new CancellationTokenSource();
        Volatile.Write(ref _running, running);
        try
        {
            await act(running.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            // It was meant to end.
        }
        catch (FailureException e)
        {
            Talk.Line(e.Message);
        }
        finally
        {
            Volatile.Write(ref _running, null);
        }

        if (running.IsCancellationRequested)
        {
            // The terminal has put ^C where the cursor was.
            Printer.Print("\n");
        }

        return !running.IsCancellationRequested;
    }
}
