using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// The errors of a stage on their way into its rows, for <c>|&amp;</c> and <c>2>&amp;1 |</c>: the rows gain a column <c>error</c> behind
/// the shown ones, which is null in a row, and a row of nothing but an error where one happened.
/// </summary>
/// <param name="name">The stage, for the lines of a remote program.</param>
internal sealed class ErrorRows(string name) : IResultSink
{
    private readonly Queue<ErrorValue> _errors = new();

    /// <summary>The column.</summary>
    public static Column Column { get; } = new("error", ValueKind.Error);

    /// <summary>Columns and that of errors.</summary>
    public static IReadOnlyList<Column> WithColumn(IReadOnlyList<Column> columns) => [.. columns, Column];

    /// <summary>A row that is no error, with a place for one behind its shown values.</summary>
    public static Value[] WithColumn(Value[] row, int shown) => [.. row.AsSpan(0, shown), NullValue.Instance, .. row.AsSpan(shown)];

    /// <summary>The errors that have come, as rows of so many other columns before theirs and behind it.</summary>
    public IEnumerable<Value[]> Take(int shown, int demanded)
    {
        while (_errors.TryDequeue(out ErrorValue? error))
        {
            yield return
            [
                .. Enumerable.Repeat<Value>(NullValue.Instance, shown), error, .. Enumerable.Repeat<Value>(NullValue.Instance, demanded),
            ];
        }
    }

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error)
    {
        _errors.Enqueue(error);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes)
    {
        foreach (string line in Encoding.UTF8.GetString(bytes.Span).TrimEnd('\n').Split('\n'))
        {
            _errors.Enqueue(new ErrorValue(name, line));
        }

        return ValueTask.CompletedTask;
    }
}
