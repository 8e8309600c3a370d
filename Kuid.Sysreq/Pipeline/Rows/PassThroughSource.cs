namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>A stage whose rows are those of the stage before, as they are: fewer of them, or in another order.</summary>
/// <param name="input">The stage before.</param>
public abstract class PassThroughSource(RowSource input) : RowSource
{
    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => input.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> OnDemand => input.OnDemand;

    /// <summary>The stage before.</summary>
    protected RowSource Input => input;

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name) => input.Find(name);
}
