using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>df</c>: how full file systems are.</summary>
internal sealed class DfCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "df";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "df [-a] [PATH...]",
        Summary = "How full file systems are: all that have a size, or those that the PATHs are on.",
        Remarks = "available is what is left for others than root, so used and available may be less than size.",
        Options = [("-a", "file systems without a size too, such as /proc")],
        Columns =
        [
            new("source", ValueKind.String), FileColumns.Target, new("type", ValueKind.String), new("size", ValueKind.Size),
            new("used", ValueKind.Size), new("available", ValueKind.Size),
        ],
        OnDemand = [new("inodes", ValueKind.UInt64), new("inodes_free", ValueKind.UInt64)],
        Examples = ["df", "df /var/lib", "df | where available < 1GiB"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        var paths = arguments.Paths();
        var all = arguments.Has("-a");
        return new RemoteRows(this, stage => ReadAsync(stage, paths, all));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> paths, bool all)
    {
        var mounts = await stage.ReadLinesAsync(MountsCommand.File, MountEntry.Parse);
        if (paths.Count > 0)
            mounts = await MountsOfAsync(stage, mounts, paths);

        var statuses = await stage.System.StatFileSystemAllAsync([.. mounts.Select(mount => mount.Target)], stage.Cancellation);
        for (var index = 0; index < mounts.Count; index++)
        {
            if (statuses[index].Error is { } error)
                await stage.ReportAsync(mounts[index].Target, error);
            else if (all || paths.Count > 0 || statuses[index].Value.Blocks > 0)
                yield return Row(stage, mounts[index], statuses[index].Value);
        }
    }

    /// <summary>The mount that each path is on: the last of those whose root is on the path's device, for it covers the others.</summary>
    private static async Task<IReadOnlyList<MountEntry>> MountsOfAsync(
        RemoteStage stage, IReadOnlyList<MountEntry> mounts, IReadOnlyList<ByteString> paths)
    {
        var roots = await stage.System.StatAllAsync([.. mounts.Select(mount => mount.Target)], true, stage.Cancellation);
        var statuses = await stage.System.StatAllAsync(paths, true, stage.Cancellation);
        var found = new List<MountEntry>();
        for (var index = 0; index < paths.Count; index++)
        {
            if (statuses[index].Error is { } error)
            {
                await stage.ReportAsync(paths[index], error);
                continue;
            }

            var device = statuses[index].Value.Device;
            var place = Enumerable.Range(0, mounts.Count).LastOrDefault(mount => roots[mount].Succeeded && roots[mount].Value.Device == device, -1);
            found.Add(place >= 0 ? mounts[place] : new MountEntry("", paths[index], "", ""));
        }

        return found;
    }

    private static Value[] Row(RemoteStage stage, MountEntry mount, FileSystemStatus status)
    {
        // Fragments are what the counts are in (statvfs(3)); the other size is what the file system likes to move at once.
        var unit = (ulong)Math.Max(status.FragmentSize > 0 ? status.FragmentSize : status.BlockSize, 1);
        List<Value> row =
        [
            FileColumns.Name(mount.Source), FileColumns.Name(mount.Target), FileColumns.Name(mount.Type),
            Bytes(status.Blocks, unit), Bytes(status.Blocks - Math.Min(status.FreeBlocks, status.Blocks), unit),
            Bytes(status.AvailableBlocks, unit),
        ];
        row.AddRange(stage.Demanded.Select(column => new UInt64Value(column == "inodes" ? status.Files : status.FreeFiles)));
        return [.. row];
    }

    private static SizeValue Bytes(ulong blocks, ulong unit) =>
        new(blocks > long.MaxValue / unit ? long.MaxValue : (long)(blocks * unit));
}
