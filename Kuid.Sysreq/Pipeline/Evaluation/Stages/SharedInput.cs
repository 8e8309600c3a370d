using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// The input of a compound command: it goes to whichever command in it reads first, and what that one leaves goes to the next, as
/// processes share a descriptor.
/// </summary>
internal sealed class SharedInput(RowSource source) : IAsyncDisposable
{
    private readonly Dictionary<string, (int Index, Column Column)?> _found = new(StringComparer.Ordinal);
    private readonly Stack<Value[]> _returned = new();
    private IAsyncEnumerator<Value[]>? _rows;
    private bool _hasEnded;

    /// <summary>The columns of its rows.</summary>
    public IReadOnlyList<Column> Columns => source.Columns;

    /// <summary>It as the stage before a command.</summary>
    public RowSource ToSource() => new View(this);

    /// <summary>The next row; null when there is none.</summary>
    public async ValueTask<Value[]?> NextAsync(CommandContext context, CancellationToken cancellation)
    {
        if (_returned.TryPop(out Value[]? returned))
        {
            return returned;
        }

        if (_hasEnded)
        {
            return null;
        }

        _rows ??= source.ReadAsync(context, cancellation).GetAsyncEnumerator(cancellation);
        if (await _rows.MoveNextAsync())
        {
            return _rows.Current;
        }

        _hasEnded = true;
        return null;
    }

    /// <summary>Gives a row back, or the rest of one: it is the next.</summary>
    public void Return(Value[] row) => _returned.Push(row);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hasEnded = true;
        if (_rows is { } rows)
        {
            _rows = null;
            await rows.DisposeAsync();
        }
    }

    // What a row consists of is settled when the first one is read: after that a column on demand is there only if it was asked for.
    private (int Index, Column Column)? Find(string name)
    {
        if (!_found.TryGetValue(name, out (int Index, Column Column)? place))
        {
            place = _rows is null && !_hasEnded ? source.Find(name) : Shown(name);
            _found.Add(name, place);
        }

        return place;
    }

    private (int Index, Column Column)? Shown(string name)
    {
        for (int index = 0; index < Columns.Count; index++)
        {
            if (Columns[index].Name == name)
            {
                return (index, Columns[index]);
            }
        }

        return null;
    }

    private sealed class View(SharedInput shared) : RowSource
    {
        public override IReadOnlyList<Column> Columns => shared.Columns;

        public override IReadOnlyList<Column> OnDemand => shared._rows is null ? shared.OnDemand : [];

        public override (int Index, Column Column)? Find(string name) => shared.Find(name);

        public override async IAsyncEnumerable<Value[]> ReadAsync(
            CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
        {
            while (await shared.NextAsync(context, cancellation) is { } row)
            {
                yield return row;
            }
        }
    }

    private IReadOnlyList<Column> OnDemand => source.OnDemand;
}
