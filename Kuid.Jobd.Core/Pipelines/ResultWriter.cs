using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>
/// Writes the results of a pipeline to the output of its job, so that limits, followers, spool files and retention are those of every
/// job. Standard output gets a line of JSON for each thing that happens, standard error the errors as text.
/// </summary>
/// <remarks>
/// <para>The lines, which <see cref="ResultReader"/> takes apart:</para>
/// <code>
/// {"result":0,"columns":[{"name":"pid","kind":"int64"}]}   the first result begins; rows that follow are its
/// [1]                                                     a row
/// {"result":0}                                            rows that follow are of that result again
/// {"result":0,"columns":[...],"rows":1}                   so many rows it has so far, the last of them the one before this line
/// {"error":{"host":null,"command":"ls","message":"...","errno":"ENOENT"}}
/// </code>
/// <para>
/// Where hosts are evaluated side by side their rows share a result, and the lines of two results may alternate. What is dropped of a
/// long output leaves rows without their beginning: the line behind them says whose they are.
/// </para>
/// <para>
/// A row is not worth a record of the log and a write to its file: lines are put together until there are enough of them, or a
/// moment has passed.
/// </para>
/// </remarks>
internal sealed class ResultWriter(Job job, TimeProvider clock)
{
    private const int EnoughBytes = 32 * 1024;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly List<Result> _results = [];
    private int _current = -1;
    private bool _flushesSoon;

    /// <summary>A pipeline begins to give rows. Those of several hosts whose pipelines have the same place and columns are one result.</summary>
    /// <param name="place">Which of the host's pipelines with rows it is, from 0.</param>
    /// <returns>The number of the result.</returns>
    internal ValueTask<int> BeginAsync(int place, IReadOnlyList<Column> columns) => InTurnAsync(() =>
    {
        int index = _results.FindIndex(result => result.Place == place && result.Columns.SequenceEqual(columns));
        if (index < 0)
        {
            index = _results.Count;
            _results.Add(new Result(place, columns));
            WriteLine(json => WriteMark(json, index, columns, rows: null));
            _current = index;
        }

        return index;
    });

    /// <summary>A row of a result.</summary>
    internal async ValueTask RowAsync(int result, string? host, ReadOnlyMemory<Value> row) => await InTurnAsync(() =>
    {
        if (_current != result)
        {
            WriteLine(json => WriteMark(json, result, columns: null, rows: null));
            _current = result;
        }

        WriteLine(json => WriteRow(json, host, row.Span));
        return ++_results[result].Rows;
    });

    /// <summary>A pipeline gives no more rows.</summary>
    internal async ValueTask EndAsync(int result) => await InTurnAsync(() =>
    {
        // It is about the rows right before it, so it stands only where those are the result's own.
        if (_current == result)
        {
            WriteLine(json => WriteMark(json, result, _results[result].Columns, _results[result].Rows));
        }

        return true;
    });

    /// <summary>Something went wrong: a record among the results, and a line of standard error.</summary>
    internal async ValueTask ErrorAsync(string? host, ErrorValue error)
    {
        await InTurnAsync(() =>
        {
            WriteLine(json => WriteError(json, host, error));
            return true;
        });
        string from = host is null ? string.Empty : $"{host}: ";
        await WriteErrorAsync(Encoding.UTF8.GetBytes($"{from}{error.Command}: {error.Message}\n"));
    }

    /// <summary>Bytes for standard error.</summary>
    internal async ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes)
    {
        await FlushAsync();
        await AppendAsync(OutputStream.Stderr, bytes);
    }

    /// <summary>Hands over what has been put together so far.</summary>
    internal async ValueTask FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await WriteOutAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<T> InTurnAsync<T>(Func<T> write)
    {
        await _turn.WaitAsync();
        try
        {
            T result = write();
            if (_lines.WrittenCount >= EnoughBytes)
            {
                await WriteOutAsync();
            }
            else if (!_flushesSoon && _lines.WrittenCount > 0)
            {
                _flushesSoon = true;
                _ = FlushSoonAsync();
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task FlushSoonAsync()
    {
        try
        {
            await Task.Delay(Moment, clock);
            Volatile.Write(ref _flushesSoon, false);
            await FlushAsync();
        }
        catch (OperationCanceledException)
        {
            // There is no room for it, and the job is being ended for that.
        }
    }

    private async ValueTask WriteOutAsync()
    {
        if (_lines.WrittenCount > 0)
        {
            try
            {
                await AppendAsync(OutputStream.Stdout, _lines.WrittenMemory);
            }
            finally
            {
                _lines.ResetWrittenCount();
            }
        }
    }

    /// <exception cref="OperationCanceledException">There is no room for it; the job is asked to end for that.</exception>
    private async ValueTask AppendAsync(OutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int room = await job.Output.RoomAsync(stream, bytes.Length, job.EndRequested);
                job.Output.Append(stream, bytes.Span[..room]);
                bytes = bytes[room..];
                if (job.Spec.OutputLimit is { } limit && job.Output.Produced(stream) - job.AttemptOffset(stream) > limit)
                {
                    throw new IOException($"more than {limit} bytes of output");
                }
            }
        }
        catch (IOException e)
        {
            job.RequestEnd(JobReason.OutputLimit, e.Message);
            throw new OperationCanceledException(e.Message, e);
        }
    }

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(_lines, JsonValue.Options))
        {
            write(json);
        }

        _lines.Write("\n"u8);
    }

    private static void WriteMark(Utf8JsonWriter json, int result, IReadOnlyList<Column>? columns, long? rows)
    {
        json.WriteStartObject();
        json.WriteNumber("result"u8, result);
        if (columns is not null)
        {
            json.WriteStartArray("columns"u8);
            foreach (Column column in columns)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, column.Name);
                json.WriteString("kind"u8, column.Kind.ToString().ToLowerInvariant());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (rows is { } count)
        {
            json.WriteNumber("rows"u8, count);
        }

        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, string? host, ReadOnlySpan<Value> row)
    {
        json.WriteStartArray();
        if (host is not null)
        {
            json.WriteStringValue(host);
        }

        foreach (Value value in row)
        {
            JsonValue.Write(json, value);
        }

        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, string? host, ErrorValue error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("host"u8, host);
        json.WriteString("command"u8, error.Command);
        json.WriteString("message"u8, error.Message);
        json.WriteString("errno"u8, error.Errno);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A result: the rows of the pipelines that have one place in the script and the same columns.</summary>
    private sealed class Result(int place, IReadOnlyList<Column> columns)
    {
        internal int Place { get; } = place;

        internal IReadOnlyList<Column> Columns { get; } = columns;

        internal long Rows { get; set; }
    }
}
