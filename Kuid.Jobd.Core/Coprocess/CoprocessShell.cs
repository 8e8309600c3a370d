using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>
/// The shell of one coprocess connection: an unmodified bash, dash or busybox ash that keeps its state from text to text, and evaluates
/// each on descriptors of the client's. The shim <c>libkuidcoprocess.so</c> is in it and says how (<c>daemon-c/coprocess.c</c>).
/// </summary>
/// <remarks>
/// It is an interactive shell without job control that has read no rc file: SIGINT, a syntax error or an unset variable ends the text and
/// not the shell. One text is evaluated at a time; who comes meanwhile waits.
/// </remarks>
public sealed class CoprocessShell : IAsyncDisposable
{
    // A program that is no shell, or is statically linked, does not report and does not end.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ChildProcess _process;
    private readonly ShellSocket _socket;
    private readonly CancellationTokenSource _processEnded = new();
    private readonly Task<WaitStatus> _end;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _interrupting = new();
    private Evaluation _evaluation;
    private Task? _ending;

    private CoprocessShell(ChildProcess process, Descriptor socket)
    {
        _process = process;
        _socket = new ShellSocket(socket, _processEnded.Token);
        _end = EndOfProcessAsync();
    }

    private enum Evaluation
    {
        /// <summary>No text is evaluated.</summary>
        None,

        /// <summary>The shell has been sent a text.</summary>
        Sent,

        /// <summary>The same, and it is to be interrupted.</summary>
        SentAndInterrupted,

        /// <summary>The shell evaluates it.</summary>
        Started,
    }

    /// <summary>The shell's process, which leads a session and a group of its own.</summary>
    public int Pid => _process.Pid;

    /// <summary>Completes when the shell has ended; background jobs of it may go on.</summary>
    public Task Exited => _end;

    /// <summary>The status of the last text, which the next one finds as <c>$?</c>.</summary>
    internal WaitStatus LastStatus { get; private set; }

    /// <summary>Signals the shell and what it runs in the foreground; whatever the signal does to the shell, it does.</summary>
    /// <returns>Whether a process got it: none does when the shell has ended.</returns>
    public bool SignalGroup(int signal) => _process.SignalGroup(signal);

    /// <summary>Starts a shell; completes when it waits for its first text.</summary>
    /// <param name="shell">The program's path, or its name on PATH.</param>
    /// <param name="environment">Variables, each <c>NAME=value</c>, on top of the daemon's original environment.</param>
    /// <param name="cwd">The directory to start in; null for the daemon's.</param>
    /// <param name="shim">The path of <c>libkuidcoprocess.so</c>.</param>
    /// <param name="isolate">Adds what isolates it; null for nothing.</param>
    /// <exception cref="SpawnException">It cannot be executed.</exception>
    /// <exception cref="CoprocessShellException">It is no shell that takes the shim.</exception>
    public static async Task<CoprocessShell> StartAsync(
        Spawner spawner, Reactor reactor, byte[] shell, IReadOnlyList<byte[]> environment, byte[]? cwd, string shim,
        Func<ProcessSpec, ProcessSpec>? isolate = null)
    {
        ArgumentNullException.ThrowIfNull(spawner);
        var plain = new ProcessSpec(shell, [shell, "-i"u8.ToArray(), "+m"u8.ToArray()])
        {
            WorkingDirectory = cwd,
            EndsWithDaemon = true,
        };
        ProcessSpec spec = isolate?.Invoke(plain) ?? plain;
        spec = spec with { Environment = Preload.Into(environment, spec.Isolation?.Environment ?? spawner.Inherited.Variables, shim) };
        using SafeFd said = LibcFiles.InMemory("coprocess-start");
        (SafeFd ours, SafeFd theirs) = LibcSocket.Pair();
        CoprocessShell started;
        using (theirs)
        {
            var socket = new Descriptor(reactor, ours, EpollEvents.In | EpollEvents.Out);
            try
            {
                // What ld.so has to say of a library, it says on 2.
                started = new CoprocessShell(await spawner.SpawnAsync(spec, new Stdio(theirs, said, said)), socket);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        try
        {
            await started.BecomeReadyAsync(ProgramPath.Display(shell), said);
            return started;
        }
        catch
        {
            started._process.SignalGroup(SignalNames.SIGKILL);
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Evaluates a text in the shell.</summary>
    /// <param name="text">Any number of lines of the shell's language.</param>
    /// <param name="stdio">Become 0, 1 and 2 of the shell until the text is over. They stay the caller's, and are open until then.</param>
    /// <param name="onTerminal">Whether stdin is a terminal that becomes the shell's controlling one, where it is nobody else's.</param>
    /// <exception cref="CoprocessShellException">
    /// The shell had ended before, or could not take the descriptors: nothing was evaluated.
    /// </exception>
    public async Task<ShellStatus> EvaluateAsync(ReadOnlyMemory<byte> text, Stdio stdio, bool onTerminal)
    {
        ArgumentNullException.ThrowIfNull(stdio);
        await _turn.WaitAsync();
        try
        {
            Enter(Evaluation.Sent);
            return await PassAsync(text, stdio, onTerminal);
        }
        finally
        {
            Enter(Evaluation.None);
            _turn.Release();
        }
    }

    /// <summary>
    /// Sends SIGINT to the text that is evaluated and to what it runs in the foreground; nothing happens between two texts. A shell that is
    /// about to start a program waits for that all the same (nobody has told the program), so it may take another one.
    /// </summary>
    public void Interrupt()
    {
        lock (_interrupting)
        {
            if (_evaluation == Evaluation.Sent)
            {
                _evaluation = Evaluation.SentAndInterrupted;
            }
            else if (_evaluation == Evaluation.Started)
            {
                _process.SignalGroup(SignalNames.SIGINT);
            }
        }
    }

    /// <summary>The state of the session: last status, directory, variables and options.</summary>
    /// <returns>A JSON object, <c>{"status":0,"cwd":"/","variables":{"NAME":"VALUE"},"options":{"errexit":false}}</c>.</returns>
    /// <exception cref="CoprocessShellException">The shell has ended.</exception>
    public async Task<byte[]> DumpAsync() => SessionDump.ToJson(LastStatus, await AskAsync(SessionDump.Script.ToArray()));

    /// <summary>What the last word of a text may become: commands, paths, variables.</summary>
    /// <returns>A JSON array of words, not quoted; a directory has a slash behind it.</returns>
    /// <exception cref="CoprocessShellException">The shell has ended.</exception>
    public async Task<byte[]> CompleteAsync(ReadOnlyMemory<byte> text)
    {
        CompletionWord word = CompletionWord.Of(text.Span);
        return SessionCompletion.ToJson(word, await AskAsync(SessionCompletion.Script(word)));
    }

    /// <summary>
    /// Ends the shell. One that waits finds the end of its input and leaves as from any script, with its EXIT trap; a text that is
    /// evaluated gets SIGHUP, later SIGTERM and SIGKILL, with all of the shell's group.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (_interrupting)
        {
            ending = _ending ??= EndAsync(_evaluation != Evaluation.None);
        }

        await ending;
    }

    private async Task EndAsync(bool isEvaluating)
    {
        await Task.Yield();
        _socket.EndInput();
        foreach (int signal in (int[])[isEvaluating ? SignalNames.SIGHUP : 0, SignalNames.SIGHUP, SignalNames.SIGTERM, SignalNames.SIGKILL])
        {
            if (signal != 0)
            {
                _process.SignalGroup(signal);
                _process.SignalGroup(SignalNames.SIGCONT);
            }

            if (await Task.WhenAny(_end, Task.Delay(Grace)) == _end)
            {
                break;
            }
        }

        await _end;

        // An evaluation that waited for this end still looks at the socket.
        await _turn.WaitAsync();
        _socket.Dispose();
        _process.Dispose();
        _turn.Release();
    }

    private async Task<WaitStatus> EndOfProcessAsync()
    {
        (WaitStatus status, _) = await _process.ReapAsync(TimeProvider.System);
        await _processEnded.CancelAsync();
        return status;
    }

    private async Task BecomeReadyAsync(string name, SafeFd said)
    {
        Task<ShellReport?> report = _socket.NextReportAsync().AsTask();
        string? wrong = await Task.WhenAny(report, Task.Delay(StartLimit)) != report
            ? "does not take libkuidcoprocess.so: it must be a shell, and dynamically linked"
            : await report is null ? $"ended with {await _end} instead of waiting for a text: it must be a shell" : null;
        if (wrong is not null)
        {
            string words = Encoding.UTF8.GetString(LibcFiles.ReadAll(said)).Trim();
            throw new CoprocessShellException($"{name} {wrong}{(words.Length == 0 ? "" : $" ({words})")}");
        }
    }

    private async Task<ShellStatus> PassAsync(ReadOnlyMemory<byte> text, Stdio stdio, bool onTerminal)
    {
        using SafeFd file = LibcFiles.InMemory("coprocess-text");
        LibcFiles.WriteAt(file, text.Span, 0);
        return await _socket.SendAsync(file, stdio, onTerminal) ? await OutcomeAsync() : throw await GoneAsync();
    }

    /// <summary>Evaluates a script of our own, which cannot be interrupted, and leaves <c>$?</c> as it was.</summary>
    /// <returns>What it prints.</returns>
    private async Task<byte[]> AskAsync(byte[] script)
    {
        using SafeFd output = LibcFiles.InMemory("coprocess-answer"), nothing = LibcFiles.InMemory("coprocess-nothing");
        await _turn.WaitAsync();
        try
        {
            byte[] status = Encoding.ASCII.GetBytes($"\nreturn {LastStatus.ExitCode}\n");
            ShellStatus asked = await PassAsync((byte[])[.. script, .. status], new Stdio(nothing, output, nothing), onTerminal: false);
            return asked.HasEnded ? throw await GoneAsync() : LibcFiles.ReadAll(output);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ShellStatus> OutcomeAsync()
    {
        bool started = false;
        int refused = 0;
        while (await _socket.NextReportAsync() is { } report)
        {
            switch (report.Kind)
            {
                case ShellReportKind.Started:
                    started = true;
                    Enter(Evaluation.Started);
                    break;
                case ShellReportKind.Refused:
                    refused = report.Value;
                    break;
                case ShellReportKind.Ready when refused != 0:
                    throw new CoprocessShellException($"the shell cannot take the descriptors: {Errno.Describe(refused)}");
                case ShellReportKind.Ready:
                    LastStatus = WaitStatus.OfExitCode(report.Value);
                    return new ShellStatus(LastStatus, HasEnded: false);
                default:
                    throw new InvalidOperationException($"the shim reports {report}");
            }
        }

        return started ? new ShellStatus(await _end, HasEnded: true) : throw await GoneAsync();
    }

    private async Task<CoprocessShellException> GoneAsync() => new($"the session's shell has ended ({await _end})");

    private void Enter(Evaluation evaluation)
    {
        lock (_interrupting)
        {
            if (evaluation == Evaluation.Started && _evaluation == Evaluation.None)
            {
                // A script of our own.
                return;
            }

            bool interrupt = _evaluation == Evaluation.SentAndInterrupted && evaluation == Evaluation.Started;
            _evaluation = evaluation;
            if (interrupt)
            {
                _process.SignalGroup(SignalNames.SIGINT);
            }
        }
    }
}
