using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A stage of a pipeline that is being run.</summary>
internal abstract class StageSource : RowSource
{
    /// <summary>Whether anybody has begun to read it.</summary>
    public bool HasBegun { get; private set; }

    /// <inheritdoc/>
    /// <remarks>A stage has a context of its own, so that its errors and its status are not those of the stage that reads it.</remarks>
    public sealed override IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, CancellationToken cancellation) => ReadAsync(cancellation);

    /// <summary>Its rows.</summary>
    public IAsyncEnumerable<Value[]> ReadAsync(CancellationToken cancellation)
    {
        HasBegun = true;
        return RowsAsync(cancellation);
    }

    /// <summary>Its rows, as they come.</summary>
    protected abstract IAsyncEnumerable<Value[]> RowsAsync(CancellationToken cancellation);
}
