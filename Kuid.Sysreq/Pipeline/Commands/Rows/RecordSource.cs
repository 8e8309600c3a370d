using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary>
/// Rows made of values that are read one by one, whose members nobody knows before. So it has every column that is asked for, and null
/// where a record lacks it.
/// </summary>
/// <param name="shown">The columns that are shown; none for the one column with the value itself.</param>
/// <param name="read">Reads the values.</param>
internal sealed class RecordSource(
    IReadOnlyList<string> shown, Func<CommandContext, CancellationToken, IAsyncEnumerable<Value>> read) : RowSource
{
    private readonly List<Column> _columns = shown.Count == 0 ? [LoneValue.Column] : [.. shown.Select(name => new Column(name, ValueKind.Any))];
    private readonly bool _hasWhole = shown.Count == 0;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
        shown.Count == 0 ? [LoneValue.Column] : [.. shown.Select(name => new Column(name, ValueKind.Any))];

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name)
    {
        int index = _columns.FindIndex(column => column.Name == name);
        if (index < 0)
        {
            index = _columns.Count;
            _columns.Add(new Column(name, ValueKind.Any));
        }

        return (index, _columns[index]);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Value value in read(context, cancellation).WithCancellation(cancellation))
        {
            Value[] row = new Value[_columns.Count];
            for (int index = 0; index < row.Length; index++)
                row[index] = _hasWhole && index == 0 ? value : Member(value, _columns[index].Name);

            yield return row;
        }
    }

    private static Value Member(Value value, string name) =>
        value is RecordValue record
            ? record.Members.LastOrDefault(member => member.Key == name).Value ?? NullValue.Instance
            : new ErrorValue("from", $"{ValueKinds.WithArticle(value.Kind)} has no member {name}");
}
