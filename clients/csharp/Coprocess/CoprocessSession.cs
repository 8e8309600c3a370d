using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kuid.Client.Coprocess;

/// <summary>
/// A session at a daemon's coprocess socket: programs, and a shell that keeps its variables, functions and directory, on descriptors
/// of this process. Requests are carried out one after the other. Disposing it ends the shell.
/// </summary>
public sealed class CoprocessSession : IDisposable
{
    private readonly CoprocessConnection _connection = new();

    private CoprocessSession()
    {
    }

    /// <summary>Opens a session.</summary>
    /// <param name="path">The socket, as the daemon's option <c>--coprocess-socket</c> says it.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there, or not for this user.</exception>
    public static async Task<CoprocessSession> OpenAsync(string path, CancellationToken cancellation = default)
    {
        var session = new CoprocessSession();
        try
        {
            await session._connection.ConnectAsync(path, cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The pid of the session's shell.</summary>
    public async Task<int> GetPidAsync(CancellationToken cancellation = default) => Number(await AskAsync("GETPID", null, cancellation).ConfigureAwait(false));

    /// <summary>Runs a program without a shell.</summary>
    /// <returns>Its status as wait(2) says it: <c>code &lt;&lt; 8</c>, or the signal that ended it.</returns>
    /// <exception cref="CoprocessRefusedException">It could not be started.</exception>
    public async Task<int> RunAsync(IEnumerable<string> argv, CoprocessStdio stdio, CancellationToken cancellation = default) =>
        Number(await AskAsync(Words("ARGV", argv), stdio, cancellation).ConfigureAwait(false));

    /// <summary>Sets a variable of the programs that <see cref="RunAsync"/> runs from now on.</summary>
    public Task SetVariableAsync(string name, string value, CancellationToken cancellation = default) => AskAsync(Words("ENV", [$"{name}={value}"]), null, cancellation);

    /// <summary>Changes the directory of the programs that <see cref="RunAsync"/> runs from now on.</summary>
    /// <exception cref="CoprocessRefusedException">The name of the error number: there is none, or it may not be entered.</exception>
    public Task ChangeDirectoryAsync(string directory, CancellationToken cancellation = default) => AskAsync(Words("CD", [directory]), null, cancellation);

    /// <summary>Evaluates a text in the session's shell.</summary>
    /// <returns>Its status, as the shell has it in <c>$?</c>.</returns>
    public async Task<int> EvaluateAsync(string text, CoprocessStdio stdio, CancellationToken cancellation = default) =>
        Number(await AskAsync("EVAL " + text, stdio, cancellation).ConfigureAwait(false));

    /// <summary>The same on a terminal that is no other session's: Ctrl-C there interrupts it.</summary>
    /// <returns>Its status.</returns>
    public async Task<int> EvaluateOnTerminalAsync(string text, CoprocessStdio terminal, CancellationToken cancellation = default) =>
        Number(await AskAsync("IEVAL " + text, terminal, cancellation).ConfigureAwait(false));

    /// <summary>The state of the session's shell: its last status, directory, variables and options.</summary>
    public async Task<JsonElement> DumpAsync(CancellationToken cancellation = default) => Json(await AskAsync("DUMP", null, cancellation).ConfigureAwait(false));

    /// <summary>The completions of the last word of a text: commands, paths, variables.</summary>
    public async Task<IReadOnlyList<string>> CompleteAsync(string text, CancellationToken cancellation = default) =>
        [.. Json(await AskAsync("COMPLETE " + text, null, cancellation).ConfigureAwait(false)).EnumerateArray().Select(word => word.GetString()!)];

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private Task<string> AskAsync(string request, CoprocessStdio? stdio, CancellationToken cancellation) =>
        _connection.AskAsync(Encoding.UTF8.GetBytes(request), stdio, cancellation);

    private static string Words(string verb, IEnumerable<string> words)
    {
        var request = new StringBuilder(verb).Append('\0');
        foreach (string word in words)
        {
            request.Append(word.Contains('\0', StringComparison.Ordinal)
                ? throw new ArgumentException($"\"{word}\" contains a NUL, which no argument can", nameof(words))
                : word).Append('\0');
        }

        return request.ToString();
    }

    private static int Number(string reply) => int.Parse(reply.AsSpan("OK ".Length), NumberStyles.None, CultureInfo.InvariantCulture);

    private static JsonElement Json(string reply) => JsonDocument.Parse(reply["OK ".Length..]).RootElement;
}
