using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>date</c>: the time of the remote system.</summary>
internal sealed class DateCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "date";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "date",
        Summary = "The time, by the clock of the remote system.",
        Columns = [new("date", ValueKind.DateTime)],
        Examples = ["date"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        yield return [FileColumns.Time(await stage.System.GetTimeAsync(cancellationToken: stage.Cancellation))];
    }
}
