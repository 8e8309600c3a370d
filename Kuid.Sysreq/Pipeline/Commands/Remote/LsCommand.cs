using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>ls</c>: the names in directories.</summary>
internal sealed class LsCommand : Command
{
    private static readonly IReadOnlyList<Column> Shown = [new("name", ValueKind.String), new("inode", ValueKind.UInt64), FileColumns.Type];

    /// <inheritdoc/>
    public override string Name => "ls";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "ls [-d] [PATH...]",
        Summary = "The names in a directory, . and .. among them; of a path that is no directory, the path itself.",
        Remarks = "The order is the directory's own: sort puts it right. What a directory does not say of its names (their sizes, "
            + "owners, times) is fetched when a later stage asks for it, and is that of a link itself, not of its target.",
        Options = [("-d", "a directory is listed by its own name, not by what is in it")],
        Columns = Shown,
        OnDemand =
        [
            .. FileColumns.Classic.Where(column => column.Name != "ino"), FileColumns.Born, FileColumns.User, FileColumns.Group,
            FileColumns.Target, FileColumns.Path,
        ],
        Examples = ["ls | sort", "ls /etc | where size > 1KB | select name size", "ls /var/log | sort -r mtime | head 5"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        var paths = arguments.Paths();
        var itself = arguments.Has("-d");
        return new RemoteRows(this, stage => ReadAsync(stage, paths.Count == 0 ? ["."] : paths, asked: paths.Count > 0 || itself, itself));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        RemoteStage stage, IReadOnlyList<ByteString> paths, bool asked, bool itself)
    {
        var details = new FileDetails(stage);
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            // The current directory is one: only of paths that were given has it to be found out.
            var files = asked ? await OwnAsync(stage, batch, itself) : new FileOfRow?[batch.Length];
            await foreach (var row in BatchAsync(stage, details, batch, files))
                yield return row;
        }
    }

    private static async IAsyncEnumerable<Value[]> BatchAsync(
        RemoteStage stage, FileDetails details, ByteString[] paths, FileOfRow?[] files)
    {
        var pending = new List<(FileOfRow, Value[])>();
        for (var index = 0; index < paths.Length; index++)
        {
            if (files[index] is { } file)
            {
                if (file.Status is { } status)
                    pending.Add((file, Row(stage, paths[index], status.Inode, status.Kind)));

                continue;
            }

            foreach (var row in await FilledAsync(stage, details, pending))
                yield return row;

            await foreach (var row in DirectoryAsync(stage, details, paths[index]))
                yield return row;
        }

        foreach (var row in await FilledAsync(stage, details, pending))
            yield return row;
    }

    /// <summary>The paths that are listed by themselves; null for a directory, which is listed; without a status where there is no file.</summary>
    private static async Task<FileOfRow?[]> OwnAsync(RemoteStage stage, ByteString[] paths, bool itself)
    {
        var own = stage.System.StatAllAsync(paths, followLinks: false, stage.Cancellation);
        var followed = itself ? own : stage.System.StatAllAsync(paths, followLinks: true, stage.Cancellation);
        await Task.WhenAll(own, followed);
        var files = new FileOfRow?[paths.Length];
        for (var index = 0; index < paths.Length; index++)
        {
            var (status, target) = ((await own)[index], (await followed)[index]);
            if (!itself && target is { Succeeded: true, Value.Kind: FileKind.Directory })
                continue;

            files[index] = status.Error is null
                ? new FileOfRow(paths[index], status.Value.Kind, status.Value)
                : new FileOfRow(paths[index], FileKind.Unknown);
            if (status.Error is { } error)
                await stage.ReportAsync(paths[index], error);
        }

        return files;
    }

    private static async IAsyncEnumerable<Value[]> DirectoryAsync(RemoteStage stage, FileDetails details, ByteString path)
    {
        var pending = new List<(FileOfRow, Value[])>();
        await using var entries = stage.System.ListAsync(path, stage.Cancellation).GetAsyncEnumerator(stage.Cancellation);
        while (await NextAsync(stage, entries, path))
        {
            var entry = entries.Current;
            var file = new FileOfRow(details.Wanted ? path.Join(entry.Name) : entry.Name, entry.Kind);
            pending.Add((file, Row(stage, entry.Name, entry.Inode, entry.Kind)));
            if (details.Wanted && pending.Count < RemoteStage.BatchSize)
                continue;

            foreach (var row in await FilledAsync(stage, details, pending))
                yield return row;
        }

        foreach (var row in await FilledAsync(stage, details, pending))
            yield return row;
    }

    private static async ValueTask<bool> NextAsync(RemoteStage stage, IAsyncEnumerator<DirectoryEntry> entries, ByteString path)
    {
        try
        {
            return await entries.MoveNextAsync();
        }
        catch (SysreqException error)
        {
            await stage.ReportAsync(path, error);
            return false;
        }
    }

    private static async ValueTask<IReadOnlyList<Value[]>> FilledAsync(
        RemoteStage stage, FileDetails details, List<(FileOfRow File, Value[] Row)> pending)
    {
        IReadOnlyList<Value[]> rows = [.. pending.Select(item => item.Row)];
        if (details.Wanted && rows.Count > 0)
            await details.FillAsync([.. pending.Select(item => item.File)], rows, Shown.Count, followLinks: false);

        pending.Clear();
        return rows;
    }

    private static Value[] Row(RemoteStage stage, ByteString name, ulong inode, FileKind kind)
    {
        var row = new Value[Shown.Count + stage.Demanded.Count];
        row[0] = FileColumns.Name(name);
        row[1] = new UInt64Value(inode);
        row[2] = FileColumns.TypeValue(kind);
        return row;
    }
}
