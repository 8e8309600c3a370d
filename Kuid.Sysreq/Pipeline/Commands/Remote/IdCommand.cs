using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>id</c>: whose rights the server has.</summary>
internal sealed class IdCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "id";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "id",
        Summary = "Whose rights everything here is done with: those of the process that serves it.",
        Columns =
        [
            new("uid", ValueKind.UInt64), new("gid", ValueKind.UInt64), new("euid", ValueKind.UInt64), new("egid", ValueKind.UInt64),
            new("groups", ValueKind.List),
        ],
        OnDemand = [FileColumns.User, FileColumns.Group],
        Examples = ["id", "id | select user group"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        var ids = await stage.System.GetIdsAsync(stage.Cancellation);
        List<Value> row =
        [
            new UInt64Value(ids.UserId), new UInt64Value(ids.GroupId), new UInt64Value(ids.EffectiveUserId),
            new UInt64Value(ids.EffectiveGroupId), new ListValue([.. ids.Groups.Select(group => new UInt64Value(group))]),
        ];
        foreach (var column in stage.Demanded)
        {
            row.Add(column == FileColumns.User.Name
                ? (await AccountNames.ReadAsync(stage, "/etc/passwd")).NameOf(ids.UserId)
                : (await AccountNames.ReadAsync(stage, "/etc/group")).NameOf(ids.GroupId));
        }

        yield return [.. row];
    }
}
