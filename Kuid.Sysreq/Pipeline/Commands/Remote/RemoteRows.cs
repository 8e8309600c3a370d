using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>The rows of a command that asks the remote system: its columns are those of its help, and the rows are made by a method.</summary>
/// <remarks>
/// The method gets a <see cref="RemoteStage"/>, which knows the columns on demand that were asked for, and gives for each row the
/// shown values and then those. A refused system call that it lets through ends the command, with the call as the reason.
/// </remarks>
internal sealed class RemoteRows(
    Command command,
    IReadOnlyList<Column> columns,
    IReadOnlyList<Column> onDemand,
    Func<RemoteStage, IAsyncEnumerable<Value[]>> read) : OwnRowsSource(columns, onDemand)
{
    /// <summary>Rows of the columns that the command's help tells.</summary>
    public RemoteRows(Command command, Func<RemoteStage, IAsyncEnumerable<Value[]>> read)
        : this(command, command.Help.Columns, command.Help.OnDemand, read)
    {
    }

    /// <summary>No rows: something is done, and that is all.</summary>
    public static RemoteRows None(Command command, Func<RemoteStage, Task> act) => new(command, [], [], stage => DoAsync(act, stage));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var stage = new RemoteStage(command.Name, context, [.. Demanded.Select(column => column.Name)], cancellation);
        await using var rows = read(stage).GetAsyncEnumerator(cancellation);
        while (await NextAsync(rows))
            yield return rows.Current;
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<Value[]> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (SysreqException error)
        {
            throw RemoteStage.Failure(error);
        }
    }

    private static async IAsyncEnumerable<Value[]> DoAsync(Func<RemoteStage, Task> act, RemoteStage stage)
    {
        await act(stage);
        yield break;
    }
}
