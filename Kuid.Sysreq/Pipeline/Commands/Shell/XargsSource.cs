using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>
/// The rows of the calls that <c>xargs</c> makes. The command is bound once without its last arguments, for its columns; each call is
/// bound again with them, and asked for the same columns on demand in the same order, so that all rows are alike.
/// </summary>
internal sealed class XargsSource : RowSource
{
    private readonly Command _command;
    private readonly CommandCall _call;
    private readonly RowSource _input;
    private readonly int _index;
    private readonly int _batchSize;
    private readonly RowSource _model;
    private readonly List<string> _demanded = [];

    /// <summary>Binds the command.</summary>
    /// <param name="call">The call without the arguments that come from rows.</param>
    /// <param name="index">Where they stand in the rows.</param>
    public XargsSource(Command command, CommandCall call, RowSource input, int index, int batchSize)
    {
        _command = command;
        _call = call;
        _input = input;
        _index = index;
        _batchSize = batchSize;
        _model = command.Bind(call with { AwaitsArguments = true });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => _model.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> OnDemand => _model.OnDemand;

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name)
    {
        (int Index, Column Column)? place = _model.Find(name);
        if (place is not null && !_demanded.Contains(name))
        {
            _demanded.Add(name);
        }

        return place;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!_command.LeavesConnectionAlone)
        {
            await ((StageContext)context).Shell.OwnConnectionAsync(cancellation);
        }

        await using IAsyncEnumerator<Value[]> rows = _input.ReadAsync(context, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextBatchAsync(rows) is { Count: > 0 } batch)
        {
            RowSource call = _command.Bind(_call with { Arguments = [.. _call.Arguments, .. batch], OperandsFrom = _call.Arguments.Count });
            foreach (string name in _demanded)
            {
                call.Find(name);
            }

            await foreach (Value[] row in call.ReadAsync(context, cancellation))
            {
                yield return row;
            }
        }
    }

    private async ValueTask<List<Argument>> NextBatchAsync(IAsyncEnumerator<Value[]> rows)
    {
        var batch = new List<Argument>();
        while (batch.Count < _batchSize && await rows.MoveNextAsync())
        {
            if (rows.Current[_index] is not NullValue)
            {
                batch.Add(new Argument(rows.Current[_index], _call.Span));
            }
        }

        return batch;
    }
}
