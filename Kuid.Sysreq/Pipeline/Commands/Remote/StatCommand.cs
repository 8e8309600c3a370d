using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>stat</c>: what is known of files.</summary>
internal sealed class StatCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "stat";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "stat [-h] PATH...",
        Summary = "What is known of files: a row each.",
        Remarks = "The columns are the fields of stat(2). name is the path as it was given.",
        Options = [("-h", "of a symbolic link itself, not of its target")],
        Columns = FileColumns.Classic,
        OnDemand =
        [
            new("name", ValueKind.String), FileColumns.Type, FileColumns.Born, FileColumns.User, FileColumns.Group, FileColumns.Target,
        ],
        Examples = ["stat /etc/passwd | select size mtime", "ls | xargs stat | select name user mode"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "PATH");
        var paths = arguments.Paths();
        var followLinks = !arguments.Has("-h");
        return new RemoteRows(this, stage => ReadAsync(stage, paths, followLinks));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> paths, bool followLinks)
    {
        var details = new FileDetails(stage);
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            var files = new List<FileOfRow>();
            var rows = new List<Value[]>();
            var statuses = await stage.System.StatAllAsync(batch, followLinks, stage.Cancellation);
            for (var index = 0; index < batch.Length; index++)
            {
                if (statuses[index].Error is { } error)
                {
                    await stage.ReportAsync(batch[index], error);
                    continue;
                }

                var status = statuses[index].Value;
                // Whether a path that was followed is itself a link is not known from its target.
                files.Add(new FileOfRow(batch[index], followLinks ? FileKind.Unknown : status.Kind, status));
                rows.Add(new Value[FileColumns.Classic.Count + stage.Demanded.Count]);
                for (var place = 0; place < FileColumns.Classic.Count; place++)
                    rows[^1][place] = FileColumns.Of(FileColumns.Classic[place].Name, status)!;
            }

            if (details.Wanted)
                await details.FillAsync(files, rows, FileColumns.Classic.Count, followLinks);

            foreach (var row in rows)
                yield return row;
        }
    }
}
