using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>ps</c>: the processes.</summary>
internal sealed class PsCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "ps";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "ps",
        Summary = "The numbers of all processes.",
        Remarks = "What pstat knows of a process is fetched when a later stage asks for it.",
        Columns = [ProcessStat.Columns[0]],
        OnDemand = [.. ProcessStat.Columns.Skip(1), .. ProcessDetails.Dear],
        Examples = ["ps | xargs pstat | grep comm sh | select pid rss comm", "ps | sort -r rss | head 5 | select pid comm rss"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        if (stage.Demanded.Count == 0)
        {
            await foreach (var pid in ProcessDetails.ListAsync(stage))
                yield return [new Int64Value(pid)];

            yield break;
        }

        IReadOnlyList<string> columns = ["pid", .. stage.Demanded];
        await foreach (var batch in ProcessDetails.BatchesAsync(stage))
        {
            foreach (var row in await ProcessDetails.ReadAsync(stage, batch, columns, reportsEnded: false))
                yield return row;
        }
    }
}
