using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>readlink</c>: what symbolic links point to.</summary>
internal sealed class ReadlinkCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "readlink";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "readlink PATH...",
        Summary = "What symbolic links point to.",
        Columns = [FileColumns.Target],
        OnDemand = [FileColumns.Path],
        Examples = ["readlink /proc/1/exe", "ls | where dtype == 'DT_LNK' | xargs readlink"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "PATH");
        var paths = arguments.Paths();
        return new RemoteRows(this, stage => ReadAsync(stage, paths));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> paths)
    {
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            var targets = await stage.System.ReadLinkAllAsync(batch, stage.Cancellation);
            for (var index = 0; index < batch.Length; index++)
            {
                if (targets[index].Error is { } error && error.Error == Errno.EINVAL)
                    await stage.Context.ReportAsync(new ErrorValue(stage.Command, $"{batch[index]}: not a symbolic link", error.ErrnoName));
                else if (targets[index].Error is { } other)
                    await stage.ReportAsync(batch[index], other);
                else if (stage.Demands("path"))
                    yield return [FileColumns.Name(targets[index].Value), FileColumns.Name(batch[index])];
                else
                    yield return [FileColumns.Name(targets[index].Value)];
            }
        }
    }
}
