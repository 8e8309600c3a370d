using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>A command that asks the remote system, while it runs.</summary>
/// <param name="Command">Its name.</param>
/// <param name="Context">What every stage has.</param>
/// <param name="Demanded">The names of the columns on demand that were asked for, in their order.</param>
/// <param name="Cancellation">Ends it.</param>
internal sealed record RemoteStage(
    string Command, CommandContext Context, IReadOnlyList<string> Demanded, CancellationToken Cancellation)
{
    /// <summary>
    /// How many paths or processes are asked about in one batch: enough that the distance does not matter, few enough that rows
    /// come soon and memory is bounded.
    /// </summary>
    public const int BatchSize = 256;

    /// <summary>The remote system.</summary>
    public RemoteSystem System => Context.System;

    /// <summary>What ends a command: a path and what is wrong with it.</summary>
    public static CommandException Failure(ByteString subject, SysreqException error) =>
        new($"{subject}: {error.Error.Text}", errno: error.ErrnoName);

    /// <summary>What ends a command: a call that was refused.</summary>
    public static CommandException Failure(SysreqException error) => new(error.Message, errno: error.ErrnoName);

    /// <summary>Whether a column on demand was asked for.</summary>
    public bool Demands(string column) => Demanded.Contains(column, StringComparer.Ordinal);

    /// <summary>Whether any of these columns was asked for.</summary>
    public bool DemandsAny(IEnumerable<string> columns) => columns.Any(Demands);

    /// <summary>Says what went wrong with one subject of several; the others go on.</summary>
    public ValueTask ReportAsync(ByteString subject, SysreqException error) =>
        Context.ReportAsync(new ErrorValue(Command, $"{subject}: {error.Error.Text}", error.ErrnoName));

    /// <summary>Says what went wrong with a part.</summary>
    public ValueTask ReportAsync(string message) => Context.ReportAsync(new ErrorValue(Command, message));

    /// <summary>Does something to a path; a refusal ends the command and names the path.</summary>
    public static async Task TryAsync(ByteString path, Func<ByteString, Task> act)
    {
        try
        {
            await act(path);
        }
        catch (SysreqException error)
        {
            throw Failure(path, error);
        }
    }

    /// <summary>Asks something of a path; a refusal ends the command and names the path.</summary>
    public static async Task<T> TryAsync<T>(ByteString path, Func<ByteString, Task<T>> ask)
    {
        try
        {
            return await ask(path);
        }
        catch (SysreqException error)
        {
            throw Failure(path, error);
        }
    }

    /// <summary>Does something to each subject, many at once; those that are refused are reported, in their order.</summary>
    public async Task ForEachAsync<T>(IReadOnlyList<T> subjects, Func<T, ByteString> name, Func<T, Task> act)
    {
        foreach (var batch in subjects.Chunk(BatchSize))
        {
            var errors = await Task.WhenAll(batch.Select(subject => AttemptAsync(subject, act)));
            for (var index = 0; index < batch.Length; index++)
            {
                if (errors[index] is { } error)
                    await ReportAsync(name(batch[index]), error);
            }
        }
    }

    /// <summary>Does something to each path, many at once; those that are refused are reported, in their order.</summary>
    public Task ForEachAsync(IReadOnlyList<ByteString> paths, Func<ByteString, Task> act) => ForEachAsync(paths, path => path, act);

    /// <summary>The entries of a text file of the remote system; lines that say nothing sensible are reported and left out.</summary>
    public async Task<IReadOnlyList<T>> ReadLinesAsync<T>(ByteString path, LineParser<T> parser, int headers = 0)
        where T : class
    {
        var text = await System.ReadFileAsync(path, cancellationToken: Cancellation);
        var entries = new List<T>();
        foreach (var line in Parsed.Lines(text.Span, parser, headers))
        {
            if (line.Entry is { } entry)
                entries.Add(entry);
            else
                await ReportAsync($"{path}: {line.Problem}");
        }

        return entries;
    }

    private static async Task<SysreqException?> AttemptAsync<T>(T subject, Func<T, Task> act)
    {
        try
        {
            await act(subject);
            return null;
        }
        catch (SysreqException error)
        {
            return error;
        }
    }
}
