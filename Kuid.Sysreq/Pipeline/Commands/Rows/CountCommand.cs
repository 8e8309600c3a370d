using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>count</c>: how many rows there are.</summary>
internal sealed class CountCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "count";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "count",
        Summary = "How many rows there are.",
        Remarks = "Text of a file is counted by lines.",
        Columns = [new("count", ValueKind.Int64)],
        Examples = ["ps | count", "ls /etc | where size > 1KB | count"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(0);
        RowSource input = TextInput.ByLines(arguments.Input);
        return new ComputedSource(Help.Columns, (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long count = 0;
        await foreach (Value[] _ in rows.WithCancellation(cancellation))
            count++;

        yield return [new Int64Value(count)];
    }
}
