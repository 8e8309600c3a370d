using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// The column of <c>from json</c> and <c>from tsv</c>, whose records have members that nobody knows before they are read. Formats write
/// its records as the rows that they are, so <c>from json | to json</c> changes nothing.
/// </summary>
internal static class LoneValue
{
    /// <summary>The column.</summary>
    public static Column Column { get; } = new("value", ValueKind.Any);

    /// <summary>Whether rows are nothing but such values.</summary>
    public static bool IsOnlyOne(IReadOnlyList<Column> columns) => columns is [var only] && only == Column;

    /// <summary>The columns that a value would have as a row: the members of a record; else the one column.</summary>
    public static IReadOnlyList<Column> ColumnsOf(Value value) =>
        value is RecordValue record ? [.. record.Members.Select(member => new Column(member.Key, member.Value.Kind))] : [Column];

    /// <summary>The values that it has as a row of columns; null when it has other ones.</summary>
    public static Value[]? RowOf(Value value, IReadOnlyList<Column> columns)
    {
        if (value is not RecordValue record)
            return columns is [var only] && only == Column ? [value] : null;

        return record.Members.Select(member => member.Key).SequenceEqual(columns.Select(column => column.Name), StringComparer.Ordinal)
            ? [.. record.Members.Select(member => member.Value)]
            : null;
    }
}
