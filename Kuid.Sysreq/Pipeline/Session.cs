using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Completion;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline;

/// <summary>A shell on a remote system: its variables, functions, directory, and the connection. It evaluates one script at a time.</summary>
public sealed class Session : IAsyncDisposable
{
    // What a shell calls the end by SIGINT.
    private const int Interrupted = 128 + 2;

    private readonly SessionScope _scope;
    private readonly Shell _shell;
    private readonly CurrentSink _sink = new();

    private Session(SessionScope scope, Shell shell) => (_scope, _shell) = (scope, shell);

    /// <summary>The process that serves it.</summary>
    public int Pid => _shell.Connection.System.Client.Pid;

    /// <summary>The remote system.</summary>
    public RemoteSystem System => _shell.Connection.System;

    /// <summary>The status that <c>exit</c> was called with; null as long as it was not. No more can be evaluated then.</summary>
    public int? ExitStatus { get; private set; }

    /// <summary>Connects.</summary>
    /// <param name="transport">Opens the connection, and those of subshells and background jobs.</param>
    /// <exception cref="IOException">It cannot connect.</exception>
    /// <exception cref="SysreqException">It cannot begin in the directory that was asked for.</exception>
    public static async Task<Session> OpenAsync(ITransport transport, SessionOptions options, CancellationToken cancellation)
    {
        ByteString? directory = options.Directory is { } path ? new ByteString(ShellText.BytesOf(path)) : (ByteString?)null;
        ShellConnection connection = await ShellConnection.OpenAsync(transport, options.Client, directory, cancellation);
        var scope = new SessionScope(transport, options.Client, options.LocalFiles);
        return new Session(scope, new Shell(scope, connection, new Variables(options.Environment), options.Arguments));
    }

    /// <summary>Evaluates a script and returns the status of its last pipeline.</summary>
    /// <remarks>What background jobs give goes to the sink of whichever script runs then.</remarks>
    /// <exception cref="InvalidOperationException">The session has ended by <c>exit</c>, or another script is being evaluated.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, between two system calls; the session goes on.</exception>
    /// <exception cref="ConnectionLostException">The remote system is gone.</exception>
    public async Task<int> EvaluateAsync(Script script, IResultSink sink, CancellationToken cancellation)
    {
        if (ExitStatus is not null)
        {
            throw new InvalidOperationException("the session has ended by exit");
        }

        using IDisposable use = _sink.Use(sink);

        // A script that waits for nothing runs on this thread to its end: the caller's must not be the one.
        await Task.Yield();
        try
        {
            await new Evaluator(_shell, cancellation).RunAsync(script, new Streams(_sink, _sink, Input: null));
        }
        catch (OperationCanceledException)
        {
            _shell.Status = Interrupted;
            throw;
        }
        catch (Exception failure) when (Failures.IsOfCommand(failure))
        {
            (ErrorValue error, _shell.Status) = Failures.Of(failure, Shell.Name);
            await _sink.ErrorAsync(error);
        }
        finally
        {
            if (_shell.Leaving.Kind == DepartureKind.Exit)
            {
                ExitStatus = _shell.Status;
            }

            // A script that was cancelled within loops and functions leaves no trace of them.
            _shell.Leaving = default;
            _shell.LoopDepth = 0;
        }

        return _shell.Status;
    }

    /// <summary>What can stand at a place in a script that is being typed. Nothing is run for it but listings of directories.</summary>
    /// <param name="offset">Where the cursor is, in UTF-16 units; what follows it does not count.</param>
    /// <exception cref="ConnectionLostException">The remote system is gone.</exception>
    public Task<ScriptCompletion> CompleteAsync(string source, int offset, CancellationToken cancellation) =>
        new ScriptCompleter(_shell).CompleteAsync(source, offset, cancellation);

    /// <summary>Ends the background jobs and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scope.EndAsync();
        await _shell.DisposeAsync();
        _scope.Dispose();
    }
}

/// <summary>How a session begins.</summary>
public sealed record SessionOptions
{
    /// <summary>The variables that it has, exported.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The directory that it begins in; null for the server's own.</summary>
    public string? Directory { get; init; }

    /// <summary><c>$1</c> and those after it.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The limits of its connections.</summary>
    public SysreqClientOptions Client { get; init; } = SysreqClientOptions.Default;

    /// <summary>The files that <c>upload</c> and <c>download</c> may copy; null for none.</summary>
    public ILocalFiles? LocalFiles { get; init; }
}
