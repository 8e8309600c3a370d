using System.Globalization;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>get</c>: one row, or what is inside records and lists.</summary>
internal sealed class GetCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "get";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "get NUMBER | COLUMN[.MEMBER...]...",
        Summary = "The row of a number, counted from 0; or columns, and what the records and lists in them have inside.",
        Remarks = "A member is a name in a record or a number, from 0, in a list. What a record lacks is null. "
            + "Text of a file is counted by lines.",
        ColumnsRemark = "with a NUMBER those of its input; else one for each COLUMN, called by the last name",
        Examples = ["cat /etc/passwd | get 0", "cat hosts.json | from json name network | get name network.address"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "NUMBER or COLUMN");
        RowSource input = TextInput.ByLines(arguments.Input);
        if (arguments.Operands is [var only] && ArgumentReaderValues.TryInteger(ArgumentReader.Text(only), out _) && !HasColumn(input, only))
        {
            long number = arguments.Count(only, "NUMBER");
            return new FilteredSource(input, (context, cancellation) => RowAsync(input.ReadAsync(context, cancellation), number, cancellation));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        List<Column> columns = [];
        List<(int Index, string[] Members)> paths = [];
        foreach (Argument argument in arguments.Operands)
        {
            string text = ArgumentReader.Text(argument);
            string[] members = HasColumn(input, argument) ? [text] : text.Split('.');
            (int index, Column column) = arguments.Column(argument with { Value = new StringValue(members[0]) }, input);
            columns.Add(new Column(members[^1], members.Length == 1 ? column.Kind : ValueKind.Any));
            paths.Add((index, members[1..]));
            if (!names.Add(members[^1]))
                throw arguments.Refusal($"there would be two columns {VisibleText.Of(members[^1])}", argument);
        }

        return new ComputedSource(
            columns, (context, cancellation) => InsideAsync(input.ReadAsync(context, cancellation), [.. paths], cancellation));
    }

    private static bool HasColumn(RowSource input, Argument argument) =>
        input.Columns.Concat(input.OnDemand).Any(column => column.Name == ArgumentReader.Text(argument));

    private static async IAsyncEnumerable<Value[]> RowAsync(
        IAsyncEnumerable<Value[]> rows, long number, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long count = 0;
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            if (count++ == number)
            {
                yield return row;
                yield break;
            }
        }

        throw new CommandException(string.Create(
            CultureInfo.InvariantCulture, $"there is no row {number}; there are {count} rows, counted from 0"));
    }

    private static async IAsyncEnumerable<Value[]> InsideAsync(
        IAsyncEnumerable<Value[]> rows, (int Index, string[] Members)[] paths, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Value[] row in rows.WithCancellation(cancellation))
            yield return Array.ConvertAll(paths, path => path.Members.Aggregate(row[path.Index], Member));
    }

    private static Value Member(Value value, string name) => value switch
    {
        NullValue or ErrorValue => value,
        RecordValue record => record.Members.LastOrDefault(member => member.Key == name).Value ?? NullValue.Instance,
        ListValue list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int place) =>
            place < list.Items.Count ? list.Items[place] : NullValue.Instance,
        _ => new ErrorValue("get", $"{ValueKinds.WithArticle(value.Kind)} has no member {name}"),
    };
}
