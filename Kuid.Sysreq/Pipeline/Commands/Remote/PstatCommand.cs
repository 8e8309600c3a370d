using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>pstat</c>: what the kernel says of processes.</summary>
internal sealed class PstatCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "pstat";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "pstat [PID...]",
        Summary = "What the kernel says of processes, of all when none is named: the first 39 fields of /proc/PID/stat.",
        Remarks = "Times are in clock ticks, rss in pages, vsize in bytes. A process that has ended is an error, and the others go on.",
        Columns = ProcessStat.Columns,
        OnDemand = ProcessDetails.Dear,
        Examples = ["pstat 1", "ps | xargs pstat | grep comm sh | select pid rss comm", "pstat | where state == 'R' | select pid cmdline"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var pids = new ArgumentReader(call, Help).Pids();
        return new RemoteRows(this, stage => ReadAsync(stage, pids));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<int> pids)
    {
        IReadOnlyList<string> columns = [.. ProcessStat.Columns.Select(column => column.Name), .. stage.Demanded];
        var batches = pids.Count == 0 ? ProcessDetails.BatchesAsync(stage) : pids.Chunk(RemoteStage.BatchSize).ToAsyncEnumerable();
        await foreach (var batch in batches)
        {
            foreach (var row in await ProcessDetails.ReadAsync(stage, batch, columns, reportsEnded: pids.Count > 0))
                yield return row;
        }
    }
}
