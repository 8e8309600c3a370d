namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>A stage that makes rows of its own, with columns on demand if it has any.</summary>
/// <param name="columns">The columns that are shown.</param>
/// <param name="onDemand">The columns that it has when a later stage names them.</param>
public abstract class OwnRowsSource(IReadOnlyList<Column> columns, IReadOnlyList<Column>? onDemand = null) : RowSource
{
    private readonly List<Column> _demanded = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => columns;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> OnDemand => onDemand ?? [];

    /// <summary>What was asked for of <see cref="OnDemand"/>, in the order in which a row has it behind its shown columns.</summary>
    protected IReadOnlyList<Column> Demanded => _demanded;

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name) =>
        IndexOf(columns, name) is { } shown ? (shown, columns[shown])
        : IndexOf(_demanded, name) is { } demanded ? (columns.Count + demanded, _demanded[demanded])
        : IndexOf(OnDemand, name) is { } possible ? Demand(OnDemand[possible])
        : null;

    private static int? IndexOf(IReadOnlyList<Column> among, string name)
    {
        for (int index = 0; index < among.Count; index++)
        {
            if (among[index].Name == name)
                return index;
        }

        return null;
    }

    private (int Index, Column Column) Demand(Column column)
    {
        _demanded.Add(column);
        return (columns.Count + _demanded.Count - 1, column);
    }
}
