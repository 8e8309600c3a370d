using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// Turns what a script pushes into rows that a stage pulls.
/// </summary>
/// <remarks>
/// The two take turns: the script stands still at a row until the reader wants the next one, and the reader stands still while the
/// script looks for it. So only one of them uses the connection that they share, rows come in the same order every time, and a reader
/// that leaves ends the script at the row that it was about to give, quietly, as SIGPIPE does.
/// </remarks>
/// <param name="columns">The columns that the reader was promised; a row that lacks one has null there.</param>
/// <param name="withErrors">Whether errors are rows too, with the column that is last among those.</param>
/// <param name="errors">Where errors go otherwise.</param>
internal sealed class RowRelay(IReadOnlyList<Column> columns, bool withErrors, IResultSink errors) : IResultSink, IDisposable
{
    private readonly SemaphoreSlim _hasTurnedUp = new(0);
    private readonly SemaphoreSlim _isWanted = new(0);
    private int[] _places = [];
    private Value[]? _row;
    private bool _isReaderGone;

    /// <summary>The rows of a script.</summary>
    /// <param name="script">Runs it, with this as its sink.</param>
    public async IAsyncEnumerable<Value[]> ReadAsync(Func<Task> script, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Task run = RunAsync(script);
        try
        {
            while (true)
            {
                await _hasTurnedUp.WaitAsync(CancellationToken.None);
                if (_row is not { } row)
                {
                    break;
                }

                _row = null;
                yield return row;
                cancellation.ThrowIfCancellationRequested();
                _isWanted.Release();
            }

            await run;
        }
        finally
        {
            _isReaderGone = true;
            _isWanted.Release();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async ValueTask BeginAsync(IReadOnlyList<Column> given)
    {
        _places = new int[given.Count];
        for (int at = 0; at < given.Count; at++)
        {
            _places[at] = PlaceOf(given[at].Name);
            if (_places[at] < 0)
            {
                await errors.ErrorAsync(new ErrorValue(
                    Shell.Name,
                    $"the column {given[at].Name} is left out: it was not known before the compound command ran; "
                    + "words that name columns there must not depend on what it does"));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row)
    {
        var relayed = new Value[columns.Count];
        Array.Fill(relayed, NullValue.Instance);
        for (int at = 0; at < _places.Length; at++)
        {
            if (_places[at] >= 0)
            {
                relayed[_places[at]] = row.Span[at];
            }
        }

        return GiveAsync(relayed);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask ErrorAsync(ErrorValue error)
    {
        if (!withErrors)
        {
            await errors.ErrorAsync(error);
            return;
        }

        var relayed = new Value[columns.Count];
        Array.Fill(relayed, NullValue.Instance);
        relayed[^1] = error;
        await GiveAsync(relayed);
    }

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) =>
        withErrors
            ? ErrorAsync(new ErrorValue(Shell.Name, System.Text.Encoding.UTF8.GetString(bytes.Span).TrimEnd('\n')))
            : errors.WriteErrorAsync(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        _hasTurnedUp.Dispose();
        _isWanted.Dispose();
    }

    private async Task RunAsync(Func<Task> script)
    {
        try
        {
            await script();
        }
        catch (ReaderGoneException)
        {
            // The reader has what it wants.
        }
        finally
        {
            _hasTurnedUp.Release();
        }
    }

    private async ValueTask GiveAsync(Value[] row)
    {
        if (_isReaderGone)
        {
            throw new ReaderGoneException();
        }

        _row = row;
        _hasTurnedUp.Release();
        await _isWanted.WaitAsync(CancellationToken.None);
        if (_isReaderGone)
        {
            throw new ReaderGoneException();
        }
    }

    private int PlaceOf(string name)
    {
        for (int at = 0; at < columns.Count; at++)
        {
            if (columns[at].Name == name)
            {
                return at;
            }
        }

        return -1;
    }
}

/// <summary>Unwinds a script whose rows nobody wants any more.</summary>
internal sealed class ReaderGoneException : Exception;
