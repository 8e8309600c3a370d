using System.Text.Json;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>
/// Takes apart what <see cref="ResultWriter"/> has written, while the job runs and after. What it gives is the JSON that stands there;
/// nothing is kept in memory but a line.
/// </summary>
/// <remarks>
/// It goes through the output twice: once to learn how many results there are, of which columns, and whose the rows behind the gap of
/// a long output are; then for the rows. Its calls read files, as those of the log do.
/// </remarks>
public sealed class ResultReader
{
    private readonly OutputLog _log;
    private readonly long _from;
    private readonly long _end;
    private readonly Dictionary<int, byte[]> _columns = [];
    private long _gapEnd;
    private int? _behindGap;

    /// <summary>Looks through the output as it is now.</summary>
    /// <param name="from">Where in the output the attempt begins whose results are wanted.</param>
    public ResultReader(OutputLog log, long from = 0)
    {
        ArgumentNullException.ThrowIfNull(log);
        (_log, _from) = (log, from);

        // Whether it is complete is asked first: what is counted after that can only be more.
        IsComplete = log.IsComplete;
        _end = log.Produced(OutputStream.Stdout);
        Survey();
    }

    /// <summary>Whether no more will come.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether some of it was dropped.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>How many results there are so far.</summary>
    public int Results { get; private set; }

    /// <summary>The columns of a result as a JSON array; an empty one when they were dropped.</summary>
    public ReadOnlyMemory<byte> Columns(int result) => _columns.TryGetValue(result, out byte[]? columns) ? columns : "[]"u8.ToArray();

    /// <summary>The rows of a result, each a JSON array. A row is good until the next one.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Rows(int result)
    {
        int? current = null;
        foreach (OutputLine line in OutputLine.Of(_log, OutputStream.Stdout, _from, _end))
        {
            // Where the gap has moved meanwhile, whose rows are behind it now is not known before somebody says so.
            current = !line.IsBehindGap ? current : line.Offset == _gapEnd ? _behindGap : null;
            if (line.IsRow)
            {
                if (current == result)
                {
                    yield return line.Bytes;
                }
            }
            else if (Mark.Of(line.Bytes) is { Result: { } mark })
            {
                current = mark;
            }
        }
    }

    /// <summary>The errors of all results, each a JSON object. One is good until the next.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Errors()
    {
        foreach (OutputLine line in OutputLine.Of(_log, OutputStream.Stdout, _from, _end))
        {
            if (!line.IsRow && Mark.Of(line.Bytes) is { Error: { IsEmpty: false } error })
            {
                yield return error;
            }
        }
    }

    private void Survey()
    {
        bool isOpen = false;
        foreach (OutputLine line in OutputLine.Of(_log, OutputStream.Stdout, _from, _end))
        {
            if (line.IsBehindGap)
            {
                (IsTruncated, isOpen, _gapEnd) = (true, true, line.Offset);
            }

            if (line.IsRow || Mark.Of(line.Bytes) is not { Result: { } result } mark)
            {
                continue;
            }

            Results = Math.Max(Results, result + 1);
            if (!mark.Columns.IsEmpty)
            {
                _columns[result] = mark.Columns.ToArray();
            }

            if (isOpen)
            {
                (_behindGap, isOpen) = (mark.IsEnd ? result : null, false);
            }
        }

        (long gapStart, long gapEnd) = _log.Gap(OutputStream.Stdout);
        IsTruncated |= gapStart < gapEnd;
    }

    /// <summary>A line that is no row.</summary>
    /// <param name="Result">The result it is about; null for an error.</param>
    /// <param name="Columns">Its columns, when they stand there.</param>
    /// <param name="IsEnd">Whether it is about the rows before it.</param>
    /// <param name="Error">The error; empty for a result.</param>
    private readonly record struct Mark(int? Result, ReadOnlyMemory<byte> Columns, bool IsEnd, ReadOnlyMemory<byte> Error)
    {
        internal static Mark Of(ReadOnlyMemory<byte> line)
        {
            var mark = default(Mark);
            var json = new Utf8JsonReader(line.Span);
            try
            {
                json.Read();
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    if (json.ValueTextEquals("result"u8) && json.Read())
                    {
                        mark = mark with { Result = json.GetInt32() };
                    }
                    else if (json.ValueTextEquals("rows"u8) && json.Read())
                    {
                        mark = mark with { IsEnd = true };
                    }
                    else
                    {
                        bool isError = json.ValueTextEquals("error"u8);
                        json.Read();
                        long start = json.TokenStartIndex;
                        json.Skip();
                        ReadOnlyMemory<byte> value = line[(int)start..(int)json.BytesConsumed];
                        mark = isError ? mark with { Error = value } : mark with { Columns = value };
                    }
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                // A line that the disk ran out in the middle of.
            }

            return mark;
        }
    }
}
