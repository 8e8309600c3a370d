using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>uname</c>: which system it is.</summary>
internal sealed class UnameCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "uname";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "uname",
        Summary = "Which system it is: the names that uname(2) has for it.",
        Columns =
        [
            new("sysname", ValueKind.String), new("nodename", ValueKind.String), new("release", ValueKind.String),
            new("version", ValueKind.String), new("machine", ValueKind.String),
        ],
        OnDemand = [new("domainname", ValueKind.String)],
        Examples = ["uname | select nodename"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        var names = await stage.System.UnameAsync(stage.Cancellation);
        Value[] row =
        [
            FileColumns.Name(names.System), FileColumns.Name(names.Node), FileColumns.Name(names.Release),
            FileColumns.Name(names.Version), FileColumns.Name(names.Machine),
        ];
        yield return stage.Demands("domainname") ? [.. row, FileColumns.Name(names.Domain)] : row;
    }
}
