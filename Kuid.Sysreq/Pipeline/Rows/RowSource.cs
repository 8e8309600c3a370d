using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>
/// A stage of a pipeline before it runs: which columns it has is known, and nothing has been asked of the remote system.
/// </summary>
/// <remarks>
/// <para>
/// Some columns cost a system call a row, such as the size of a directory entry. A source has them on demand: a later stage that
/// names one asks for it with <see cref="Find"/> while the pipeline is bound, and only then is it fetched.
/// </para>
/// <para>
/// A row is an array of values: first those of <see cref="Columns"/>, then those that were asked for, in the order of the first
/// time of asking. A stage that lets rows pass (sort, where, head) hands <see cref="Find"/> on and rows through as they are; a
/// stage that makes rows of its own ends what was on demand.
/// </para>
/// </remarks>
public abstract class RowSource
{
    /// <summary>The columns that are shown; none when the stage gives no rows.</summary>
    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>The columns that it can have beyond these.</summary>
    public virtual IReadOnlyList<Column> OnDemand => [];

    /// <summary>Where a column stands in the rows, and what it is; asks for it when it is on demand. Null when there is none of that name.</summary>
    public abstract (int Index, Column Column)? Find(string name);

    /// <summary>Its rows, as they come. It is asked once, after every <see cref="Find"/>.</summary>
    /// <exception cref="CommandException">It failed and has no more rows; what came before stands.</exception>
    public abstract IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, CancellationToken cancellation);
}
