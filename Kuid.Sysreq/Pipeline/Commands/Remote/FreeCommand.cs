using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>free</c>: how much memory there is.</summary>
internal sealed class FreeCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "free";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "free",
        Summary = "How much memory and swap there is, and how much of it is in use.",
        Remarks = "available is what programs could still get, caches given up for it; used is the rest of the total. What does not apply to "
            + "swap is null.",
        Columns =
        [
            new("kind", ValueKind.String), Size("total"), Size("used"), Size("free"), Size("shared"), Size("buffers"), Size("cache"),
            Size("available"),
        ],
        Examples = ["free", "free | where kind == 'mem' | select available"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        var amounts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var info in await stage.ReadLinesAsync("/proc/meminfo", MemoryInfo.Parse))
            amounts.TryAdd(info.Name, info.Amount);

        // MemAvailable is as old as Linux 3.14; before that, free memory and caches were the best guess there was.
        var cache = Sum(amounts, "Cached", "SReclaimable");
        var available = Sum(amounts, "MemAvailable") ?? Sum(amounts, "MemFree", "Buffers", "Cached");
        yield return
        [
            new StringValue("mem"), Value(Sum(amounts, "MemTotal")), Value(Sum(amounts, "MemTotal") - available), Value(Sum(amounts, "MemFree")),
            Value(Sum(amounts, "Shmem")), Value(Sum(amounts, "Buffers")), Value(cache), Value(available),
        ];
        yield return
        [
            new StringValue("swap"), Value(Sum(amounts, "SwapTotal")), Value(Sum(amounts, "SwapTotal") - Sum(amounts, "SwapFree")),
            Value(Sum(amounts, "SwapFree")), NullValue.Instance, NullValue.Instance, NullValue.Instance, NullValue.Instance,
        ];
    }

    /// <summary>The sum of the lines of these names; null when the first is missing.</summary>
    private static long? Sum(Dictionary<string, long> amounts, params ReadOnlySpan<string> names)
    {
        if (!amounts.ContainsKey(names[0]))
            return null;

        var sum = 0L;
        foreach (var name in names)
            sum = unchecked(sum + amounts.GetValueOrDefault(name));

        return sum;
    }

    private static Value Value(long? bytes) => bytes is { } amount ? new SizeValue(amount) : NullValue.Instance;

    private static Column Size(string name) => new(name, ValueKind.Size);
}
