using System.Globalization;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>head</c> and <c>first</c>: rows from the beginning.</summary>
internal sealed class HeadCommand(string name, int count) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [COUNT]",
        Summary = count == 1
            ? "The first row, or as many of the first ones as COUNT."
            : string.Create(CultureInfo.InvariantCulture, $"The first {count} rows, or as many as COUNT."),
        Remarks = "The stages before it are stopped as soon as it has them. Text of a file is taken by lines.",
        Options = [RowCount.Option],
        ColumnsRemark = "those of its input",
        Examples = [$"ls | sort -r size | {name} 3", $"cat /etc/passwd | {name}"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = TextInput.ByLines(arguments.Input);
        long wanted = RowCount.Read(arguments, count);
        return new FilteredSource(input, (context, cancellation) => ReadAsync(input, wanted, context, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        RowSource input, long wanted, CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (wanted == 0)
            yield break;

        await foreach (Value[] row in input.ReadAsync(context, cancellation))
        {
            yield return row;
            if (--wanted == 0)
                yield break;
        }
    }
}
