using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// Rows and errors on two streams, as a shell has them: rows in a format, errors as lines <c>ls: /nope: no such file or directory</c>.
/// </summary>
/// <remarks>
/// <para>
/// The bytes of a lone <c>data</c> column are no rows to format: they go out as they are, so that <c>cat FILE</c> and <c>to json</c>
/// give what they say. On a terminal nothing goes out that it would act on.
/// </para>
/// <para>
/// Rows are sent on when many have come, and otherwise a moment after the first of them: a slow pipeline shows what it has, and a fast
/// one writes in large pieces.
/// </para>
/// </remarks>
public sealed class StreamSink : IResultSink, IAsyncDisposable
{
    private const int Piece = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Stream _output;
    private readonly Stream _errors;
    private readonly bool _isTerminal;
    private readonly RowFormat _format;
    private readonly RowFormat _dataFormat;
    private readonly ITimer _timer;
    private RowFormat? _current;
    private bool _isTimerSet;
    private Exception? _failure;

    /// <summary>Makes it; the streams stay the caller's.</summary>
    /// <param name="format">One of <see cref="RowFormats.Names"/>.</param>
    /// <param name="output">Where rows go.</param>
    /// <param name="errors">Where errors go.</param>
    /// <param name="isTerminal">Whether what goes out is shown by a terminal.</param>
    public StreamSink(string format, Stream output, Stream errors, bool isTerminal, TimeProvider? time = null)
    {
        _output = output;
        _errors = errors;
        _isTerminal = isTerminal;
        _format = RowFormats.Create(format, _buffer)
            ?? throw new ArgumentException($"there is no format {format}; there are {string.Join(", ", RowFormats.Names)}", nameof(format));
        _dataFormat = isTerminal ? new TableFormat(_buffer) : new TextFormat(_buffer);
        _timer = (time ?? TimeProvider.System).CreateTimer(_ => _ = SettleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => InTurnAsync(() =>
    {
        _current = DataColumn.IsOnlyOne(columns) ? _dataFormat : _format;
        _current.Begin(columns);
        return ValueTask.CompletedTask;
    });

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row) => InTurnAsync(() =>
    {
        _current!.Row(row.Span);
        if (_buffer.WrittenCount >= Piece)
            return SendAsync();

        if (!_isTimerSet)
            _isTimerSet = _timer.Change(Patience, Timeout.InfiniteTimeSpan);

        return ValueTask.CompletedTask;
    });

    /// <inheritdoc/>
    public ValueTask EndAsync() => InTurnAsync(() =>
    {
        _current!.End();
        _current = null;
        return SendAsync();
    });

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) =>
        WriteErrorsAsync(Encoding.UTF8.GetBytes(VisibleText.Of($"{error.Command}: {error.Message}") + "\n"));

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) =>
        WriteErrorsAsync(_isTerminal ? Encoding.UTF8.GetBytes(VisibleText.OfLines(bytes.Span)) : bytes);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private ValueTask WriteErrorsAsync(ReadOnlyMemory<byte> bytes) => InTurnAsync(async () =>
    {
        await SendAsync();
        await _errors.WriteAsync(bytes);
        await _errors.FlushAsync();
    });

    // The rows come from one task and the timer from another; whichever is second waits.
    private async ValueTask InTurnAsync(Func<ValueTask> work)
    {
        await _turn.WaitAsync();
        try
        {
            if (_failure is { } failure)
                throw new IOException(failure.Message, failure);

            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SettleAsync()
    {
        try
        {
            await InTurnAsync(() =>
            {
                _isTimerSet = false;
                _current?.Settle();
                return SendAsync();
            });
        }
        catch (Exception failure)
        {
            // Nobody waits for the timer: the next row hears that nothing can be written any more.
            _failure = failure;
        }
    }

    private async ValueTask SendAsync()
    {
        if (_buffer.WrittenCount == 0)
            return;

        await _output.WriteAsync(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
        await _output.FlushAsync();
    }
}
