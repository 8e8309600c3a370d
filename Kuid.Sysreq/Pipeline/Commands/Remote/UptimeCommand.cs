using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>uptime</c>: since when the remote system runs, and how much it has to do.</summary>
internal sealed class UptimeCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "uptime";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "uptime",
        Summary = "How long the remote system has run, and how many tasks were ready on average over 1, 5 and 15 minutes.",
        Columns =
        [
            new("uptime", ValueKind.Duration), new("load1", ValueKind.Float), new("load5", ValueKind.Float), new("load15", ValueKind.Float),
        ],
        OnDemand = [new("since", ValueKind.DateTime)],
        Examples = ["uptime", "uptime | select since"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        var info = await stage.System.SysinfoAsync(stage.Cancellation);
        Value[] row =
        [
            new DurationValue(Math.Min(info.Uptime, long.MaxValue / 1_000_000_000) * 1_000_000_000),
            new FloatValue(info.Load1), new FloatValue(info.Load5), new FloatValue(info.Load15),
        ];
        if (!stage.Demands("since"))
        {
            yield return row;
            yield break;
        }

        var now = await stage.System.GetTimeAsync(cancellationToken: stage.Cancellation);
        yield return [.. row, new DateTimeValue(now.Seconds - info.Uptime, 0)];
    }
}
