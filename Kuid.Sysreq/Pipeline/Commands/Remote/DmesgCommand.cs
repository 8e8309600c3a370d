using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>dmesg</c>: the kernel's log.</summary>
internal sealed class DmesgCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "dmesg";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "dmesg",
        Summary = "The kernel's log, as far as its memory still has it.",
        Remarks = "time counts from the start of the system. Where the kernel keeps its log from ordinary users, it takes a server of root's.",
        Columns = [new("loglevel", ValueKind.Enum), new("time", ValueKind.Duration), new("message", ValueKind.String)],
        OnDemand = [new("facility", ValueKind.Int64)],
        Examples = ["dmesg | tail 20", "dmesg | where loglevel == 'err'", "dmesg | grep message oom"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        var text = await stage.System.SyslogAsync(cancellationToken: stage.Cancellation);
        foreach (var line in Parsed.Lines(text.Span, KernelLogEntry.Parse))
        {
            if (line.Entry is not { } entry)
            {
                await stage.ReportAsync(line.Problem!);
                continue;
            }

            Value[] row =
            [
                new EnumValue(KernelLogEntry.Levels[entry.Level], entry.Level),
                entry.Nanoseconds is { } time ? new DurationValue(time) : NullValue.Instance,
                FileColumns.Name(entry.Message),
            ];
            yield return stage.Demanded.Count > 0 ? [.. row, new Int64Value(entry.Facility)] : row;
        }
    }
}
