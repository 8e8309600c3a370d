using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>One record of the log: bytes that were read from one stream at one time.</summary>
/// <param name="Seq">Its number in the order of both streams, from 1.</param>
/// <param name="Time">When its first byte was read, UTC.</param>
/// <param name="Offset">The offset of its first byte in its stream.</param>
internal readonly record struct OutputRecord(long Seq, DateTime Time, long Offset);

/// <summary>
/// One stream of the log: its bytes, all of them or head and tail, and the records that say when they came.
/// Not thread-safe: the log's lock guards it.
/// </summary>
/// <remarks>
/// With a limit L the first L/2 bytes are kept for good and the last L/2 in a ring behind them, so the byte at offset o lies
/// at position o while o is in the head and at H + (o - H) mod T after it. While no more than L bytes have come, every byte's
/// position is its offset.
/// </remarks>
internal sealed class StreamLog : IDisposable
{
    // 24 bytes each: beyond this a stream of tiny pieces gets coarser times and order, never fewer bytes.
    private const int MaxRecords = 16 * 1024;

    private readonly SpillingBytes _bytes;
    private readonly long _head;
    private readonly long _tail;
    private readonly List<OutputRecord> _records = [];
    private long _lastSeq;

    internal StreamLog(SpoolSpace space, long? limit)
        : this(new SpillingBytes(space), limit)
    {
    }

    private StreamLog(SpillingBytes bytes, long? limit)
    {
        _bytes = bytes;
        Limit = limit;
        _head = limit / 2 ?? long.MaxValue;
        _tail = limit - _head ?? 0;
    }

    /// <summary>How many bytes are kept at most; null for all.</summary>
    internal long? Limit { get; }

    /// <summary>When and where its bytes came.</summary>
    internal IReadOnlyList<OutputRecord> Records => _records;

    /// <summary>How many bytes came.</summary>
    internal long Produced { get; private set; }

    /// <summary>How many of them can be read.</summary>
    internal long Kept => Produced - (GapEnd - GapStart);

    /// <summary>The first offset that is not kept; equal to <see cref="GapEnd"/> when all is.</summary>
    internal long GapStart => Math.Min(_head, Produced);

    /// <summary>The first offset after the gap.</summary>
    internal long GapEnd => Math.Max(GapStart, Produced - _tail);

    /// <summary>Whether nothing of it is in a file.</summary>
    internal bool IsInMemory => _bytes.File is null;

    /// <summary>The file that holds the whole stream, offset by offset; null while it is in memory or when there is a gap.</summary>
    internal SafeFileHandle? WholeFile => GapStart == GapEnd ? _bytes.File : null;

    /// <summary>A stream that has ended, from what was kept of it.</summary>
    /// <param name="bytes">Its bytes, by position; they become this object's.</param>
    /// <exception cref="InvalidDataException">Bytes are missing, or nothing says where they belong.</exception>
    internal static StreamLog Restore(SpillingBytes bytes, long? limit, long produced, IEnumerable<OutputRecord> records)
    {
        var log = new StreamLog(bytes, limit) { Produced = produced };
        log._records.AddRange(records);
        log._lastSeq = log._records.Count > 0 ? log._records[^1].Seq : 0;
        if (log.IsWhole())
        {
            return log;
        }

        log.Dispose();
        throw new InvalidDataException("the kept output of a job is damaged: its bytes and its shape do not match");
    }

    /// <summary>The same stream with a smaller limit, as a copy.</summary>
    internal StreamLog CopyWithin(SpoolSpace space, long limit)
    {
        var copy = new StreamLog(space, limit) { Produced = Produced };
        try
        {
            CopyTo(copy, 0, copy.GapStart);
            CopyTo(copy, copy.GapEnd, Produced);
            copy._records.AddRange(_records);
            copy._lastSeq = _lastSeq;
            copy.ForgetRecordsInGap();
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the bytes: in a file of that name when they are in one, else by giving them back.</summary>
    internal byte[]? Keep(Func<string> path) => Produced == 0 || _bytes.KeepFileAs(path) ? null : _bytes.ToArray();

    /// <summary>How many bytes may be added before one at an offset, which somebody is still to read, is dropped.</summary>
    internal long RoomBefore(long offset) =>
        Limit is null || offset == long.MaxValue ? long.MaxValue : Math.Max(_head - Produced, 0) + _tail - Math.Max(Produced - Math.Max(offset, _head), 0);

    /// <summary>Whether so much more would still be in memory.</summary>
    internal bool StaysInMemory(int more) => _bytes.StaysInMemory(Produced + more);

    /// <summary>Adds a record.</summary>
    internal void Append(long seq, DateTime time, ReadOnlySpan<byte> bytes)
    {
        long begin = Produced;
        try
        {
            Write(bytes);
        }
        finally
        {
            // Where no byte found room there is no record: what was kept before would count as damaged.
            if (Produced > begin)
            {
                _lastSeq = seq;
                AddRecord(new OutputRecord(seq, time, begin));
            }
        }

        ForgetRecordsInGap();
    }

    /// <summary>Reads kept bytes from an offset up to the next gap or the end; 0 at the end.</summary>
    /// <param name="offset">Where to read; moved to the gap's end when it is in the gap.</param>
    internal int Read(ref long offset, Span<byte> buffer)
    {
        if (offset >= GapStart && offset < GapEnd)
        {
            offset = GapEnd;
        }

        long end = offset < GapStart ? GapStart : Produced;
        int n = (int)Math.Min(Math.Min(end - offset, RoomAt(offset)), buffer.Length);
        return n <= 0 ? 0 : _bytes.Read(Position(offset), buffer[..n]);
    }

    /// <summary>The record that the byte at an offset belongs to, and where that record ends.</summary>
    internal (OutputRecord Record, long End) RecordAt(long offset)
    {
        int index = IndexAt(offset);
        return (_records[index], index + 1 < _records.Count ? _records[index + 1].Offset : Produced);
    }

    /// <summary>The offset of the first record that is not older than a sequence number.</summary>
    internal long OffsetOf(long seq)
    {
        int index = _records.FindIndex(r => r.Seq >= seq);
        if (index >= 0)
        {
            return _records[index].Offset;
        }

        // A number that the last record has swallowed: bytes are given again rather than left out.
        return _records.Count > 0 && seq <= _lastSeq ? _records[^1].Offset : Produced;
    }

    public void Dispose() => _bytes.Dispose();

    /// <summary>Whether each byte that can be read is there and has its record: a reader would wait for it for ever.</summary>
    private bool IsWhole() =>
        Limit is null or >= 0 && Produced >= 0 && _bytes.Length >= Kept
        && (Kept == 0 || IndexAt(GapStart > 0 ? 0 : GapEnd) >= 0)
        && _records.Zip(_records.Skip(1)).All(pair => pair.First.Seq < pair.Second.Seq && pair.First.Offset < pair.Second.Offset)
        && (_records.Count == 0 || (_records[0].Offset >= 0 && _records[^1].Offset < Produced));

    // Of a piece larger than the ring only the last T bytes after the head can survive.
    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int n = (int)Math.Min(RoomAt(Produced), bytes.Length);
            if (n == 0)
            {
                Produced += bytes.Length;
                break;
            }

            _bytes.Write(Position(Produced), bytes[..n]);
            Produced += n;
            bytes = bytes[n..];
        }
    }

    private void AddRecord(OutputRecord record)
    {
        if (_records.Count < MaxRecords)
        {
            _records.Add(record);
        }
    }

    private void CopyTo(StreamLog copy, long begin, long end)
    {
        byte[] buffer = new byte[64 * 1024];
        while (begin < end)
        {
            int n = Read(ref begin, buffer.AsSpan(0, (int)Math.Min(Math.Min(end - begin, copy.RoomAt(begin)), buffer.Length)));
            copy._bytes.Write(copy.Position(begin), buffer.AsSpan(0, n));
            begin += n;
        }
    }

    /// <summary>How many bytes from an offset on lie one behind the other.</summary>
    private long RoomAt(long offset) => offset < _head ? _head - offset : _tail - ((offset - _head) % Math.Max(_tail, 1));

    private long Position(long offset) => offset < _head ? offset : _head + ((offset - _head) % _tail);

    /// <summary>The last record that begins at or before an offset; -1 when all begin after it.</summary>
    private int IndexAt(long offset)
    {
        int low = -1, high = _records.Count;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = _records[middle].Offset <= offset ? (middle, high) : (low, middle);
        }

        return low;
    }

    // The record which the gap ends in stays; forgetting waits until it is worth moving the list.
    private void ForgetRecordsInGap()
    {
        if (GapStart == GapEnd)
        {
            return;
        }

        int first = IndexAt(GapStart - 1) + 1;
        int count = IndexAt(GapEnd) - first;
        if (count > MaxRecords / 16)
        {
            _records.RemoveRange(first, count);
        }
    }
}
