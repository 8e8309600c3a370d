using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>mounts</c>: the file systems that are mounted.</summary>
internal sealed class MountsCommand : Command
{
    /// <summary>Those that the server sees.</summary>
    public static readonly ByteString File = "/proc/self/mounts";

    /// <inheritdoc/>
    public override string Name => "mounts";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "mounts",
        Summary = "The file systems that are mounted where the server sees them.",
        Columns =
        [
            new("source", ValueKind.String), FileColumns.Target, new("type", ValueKind.String), new("options", ValueKind.String),
        ],
        Examples = ["mounts | where type == 'ext4'", "mounts | grep options noexec | select target"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        foreach (var mount in await stage.ReadLinesAsync(File, MountEntry.Parse))
        {
            yield return
            [
                FileColumns.Name(mount.Source), FileColumns.Name(mount.Target), FileColumns.Name(mount.Type), FileColumns.Name(mount.Options),
            ];
        }
    }
}
