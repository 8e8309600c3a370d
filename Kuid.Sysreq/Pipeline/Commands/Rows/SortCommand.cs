using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var kept = new List<Sorted>();
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            budget.Keep(row);
            kept.Add(new Sorted(Array.ConvertAll(keys, key => isNumeric ? Numeric(row[key]) : row[key]), row, kept.Count));
        }

        Sort(kept, new Order(direction, cancellation));
        foreach (Sorted sorted in kept)
            yield return sorted.Row;
    }

    private static void Sort(List<Sorted> rows, Order order)
    {
        try
        {
            CollectionsMarshal.AsSpan(rows).Sort(order);
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is OperationCanceledException cancelled)
        {
            // The framework takes whatever a comparer throws for a fault of the comparer.
            throw new OperationCanceledException(cancelled.Message, wrapped, cancelled.CancellationToken);
        }
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

    /// <summary>A row with what it is sorted by, and its place before: the framework's sort exchanges equal items, so no two may be.</summary>
    private readonly record struct Sorted(Value[] Keys, Value[] Row, int Place);

    private readonly struct Order(int direction, CancellationToken cancellation) : IComparer<Sorted>
    {
        public int Compare(Sorted x, Sorted y)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int index = 0; index < x.Keys.Length; index++)
            {
                if (ValueOrder.CompareValues(x.Keys[index], y.Keys[index]) is not 0 and var difference)
                    return direction * Math.Sign(difference);
            }

            return x.Place.CompareTo(y.Place);
        }
    }
}
