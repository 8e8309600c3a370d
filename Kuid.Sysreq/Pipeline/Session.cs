using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline;

/// <summary>A shell on a remote system: its variables, functions, directory, and the connection. It evaluates one script at a time.</summary>
public sealed class Session : IAsyncDisposable
{
    private Session()
    {
    }

    /// <summary>The process that serves it.</summary>
    public int Pid => throw new NotSupportedException("there are no sessions yet");

    /// <summary>The remote system.</summary>
    public RemoteSystem System => throw new NotSupportedException("there are no sessions yet");

    /// <summary>The status that <c>exit</c> was called with; null as long as it was not. No more can be evaluated then.</summary>
    public int? ExitStatus => throw new NotSupportedException("there are no sessions yet");

    /// <summary>Connects.</summary>
    /// <param name="transport">Opens the connection, and those of subshells.</param>
    public static Task<Session> OpenAsync(ITransport transport, SessionOptions options, CancellationToken cancellation) =>
        throw new NotSupportedException("there are no sessions yet");

    /// <summary>Evaluates a script and returns the status of its last pipeline.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two system calls; the session goes on.</exception>
    /// <exception cref="ConnectionLostException">The remote system is gone.</exception>
    public Task<int> EvaluateAsync(Script script, IResultSink sink, CancellationToken cancellation) =>
        throw new NotSupportedException("there are no sessions yet");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException("there are no sessions yet");
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
}
