using System.Globalization;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>sort</c>: the rows in the order of their values.</summary>
internal sealed class SortCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "sort";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "sort [-r] [-n] [COLUMN...]",
        Summary = "The rows in the order of the named columns, or of all of them from the first to the last.",
        Remarks = "Rows that are equal there stay as they came. Text is ordered by its bytes; null comes first, then numbers and sizes, "
            + "durations, moments, modes, enums and text. All rows are kept in memory, at most 10 million of them or 256 MiB. "
            + "Text of a file is sorted by lines.",
        Options =
        [
            ("-r", "the other way round, greatest first"),
            ("-n", "text by the number that it begins with; text without one comes first"),
        ],
        ColumnsRemark = "those of its input",
        Examples = ["ls | sort", "ls | sort -r size", "cat /etc/passwd | sort"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = TextInput.ByLines(arguments.Input);
        int[] keys = arguments.Operands.Count == 0
            ? [.. Enumerable.Range(0, input.Columns.Count)]
            : [.. arguments.Operands.Select(argument => arguments.Column(argument, input).Index)];
        int direction = arguments.Has("-r") ? -1 : 1;
        bool isNumeric = arguments.Has("-n");
        return new FilteredSource(
            input, (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), keys, direction, isNumeric, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int[] keys, int direction, bool isNumeric, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var budget = new RowBudget();
        var kept = new List<(Value[] Keys, Value[] Row)>();
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            budget.Keep(row);
            kept.Add((Array.ConvertAll(keys, key => isNumeric ? Numeric(row[key]) : row[key]), row));
        }

        // LINQ's sort is stable, which Array.Sort is not.
        var order = Comparer<Value[]>.Create((first, second) => direction * Compare(first, second, cancellation));
        foreach ((_, Value[] row) in kept.OrderBy(candidate => candidate.Keys, order))
            yield return row;
    }

    private static int Compare(Value[] first, Value[] second, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (int index = 0; index < first.Length; index++)
        {
            if (ValueOrder.CompareValues(first[index], second[index]) is not 0 and var difference)
                return difference;
        }

        return 0;
    }

    private static Value Numeric(Value value)
    {
        if (!ValueKinds.IsText(value.Kind))
            return value;

        ReadOnlySpan<char> text = ValueText.Of(value).AsSpan().TrimStart();
        int length = text is ['-' or '+', ..] ? 1 : 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] == '.'))
            length++;

        return decimal.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? Number(number)
            : double.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out double beyond) ? new FloatValue(beyond)
            : NullValue.Instance;
    }

    private static Value Number(decimal number) =>
        number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue ? new Int64Value((long)number) : new FloatValue((double)number);
}
