using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// Everything a job wrote: one ordered log of records (seq, time, stream, bytes), the streams apart yet in order, readable
/// from any record or byte offset while the job runs and after. Beyond its limit a stream keeps head and tail.
/// </summary>
/// <remarks>
/// The job's runner appends, from one task a stream; any number of followers read. It owns the memory and the files that
/// the bytes are in. Several hold it: the job's submitter, the history until it has kept what it keeps, whoever reads it
/// meanwhile. It is released when the last of them disposes it.
/// </remarks>
public sealed class OutputLog : IDisposable
{
    /// <summary>A running job keeps at least so much of a stream, in bytes, for those who read along.</summary>
    public const long LeastWhileRunning = 256 * 1024;

    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly SpoolSpace _space;
    private readonly TimeProvider _clock;
    private readonly StreamLog _stdout;
    private readonly StreamLog _stderr;
    private readonly List<AttachedReader> _attached = [];
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _room;
    private long _lastSeq;
    private bool _complete;
    private int _holders = 1;

    /// <summary>An empty log.</summary>
    /// <param name="limit">How many bytes of each stream are kept, half at its head and half at its tail; null for all.</param>
    public OutputLog(SpoolSpace space, TimeProvider clock, long? limit)
    {
        _space = space;
        _clock = clock;
        _stdout = new StreamLog(space, limit);
        _stderr = new StreamLog(space, limit);
    }

    private OutputLog(SpoolSpace space, StreamLog stdout, StreamLog stderr)
    {
        _space = space;
        _clock = TimeProvider.System;
        _stdout = stdout;
        _stderr = stderr;
        _complete = true;
    }

    /// <summary>Whether no more will come.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_gate)
            {
                return _complete;
            }
        }
    }

    /// <summary>A log that is complete, from what was kept of it.</summary>
    /// <param name="openFile">Opens the file of a stream whose bytes are in none of the others.</param>
    /// <exception cref="InvalidDataException">Its shape is damaged.</exception>
    /// <exception cref="IOException">A file is gone.</exception>
    public static OutputLog Restore(KeptOutput kept, SpoolSpace space, Func<OutputStream, SafeFileHandle> openFile)
    {
        ArgumentNullException.ThrowIfNull(kept);
        (StreamLog stdout, StreamLog stderr) = OutputShape.Read(
            kept.Shape,
            stream => (stream == OutputStream.Stdout ? kept.Stdout : kept.Stderr) is { } bytes
                ? SpillingBytes.Of(space, bytes)
                : SpillingBytes.Of(space, openFile(stream)),
            space);
        return new OutputLog(space, stdout, stderr);
    }

    /// <summary>The log of a job that wrote nothing.</summary>
    public static OutputLog Empty(SpoolSpace space, TimeProvider clock)
    {
        var log = new OutputLog(space, clock, limit: null);
        log.Complete();
        return log;
    }

    /// <summary>Keeps a complete log for later; this one stays as it is for those who read it.</summary>
    /// <param name="limit">How many bytes of each stream are kept at most.</param>
    /// <param name="place">Where the file of a stream goes that is too large for memory.</param>
    /// <exception cref="IOException">There is no room.</exception>
    public KeptOutput Keep(long limit, Func<OutputStream, string> place)
    {
        ArgumentNullException.ThrowIfNull(place);
        StreamLog? shortStdout = null, shortStderr = null;
        try
        {
            // Nothing is appended any more, and a copy takes its time: readers are not kept waiting for it.
            shortStdout = _stdout.Kept > limit ? CopyWithin(_stdout, limit) : null;
            shortStderr = _stderr.Kept > limit ? CopyWithin(_stderr, limit) : null;
            (StreamLog stdout, StreamLog stderr) = (shortStdout ?? _stdout, shortStderr ?? _stderr);
            lock (_gate)
            {
                return new KeptOutput(
                    OutputShape.Write(stdout, stderr),
                    stdout.Keep(() => place(OutputStream.Stdout)),
                    stderr.Keep(() => place(OutputStream.Stderr)),
                    stdout.Kept,
                    stderr.Kept);
            }
        }
        finally
        {
            shortStdout?.Dispose();
            shortStderr?.Dispose();
        }
    }

    /// <summary>Holds the log, so that it is not released before this holder disposes it too.</summary>
    /// <returns>Whether it was still held by anybody.</returns>
    public bool TryHold()
    {
        lock (_gate)
        {
            if (_holders == 0)
            {
                return false;
            }

            _holders++;
            return true;
        }
    }

    /// <summary>Reads along with a running job: from here on nothing is dropped that this reader has not passed.</summary>
    /// <param name="position">Where it begins; <see cref="long.MaxValue"/> for a stream that it does not read.</param>
    public AttachedReader Attach(OutputPosition position)
    {
        var reader = new AttachedReader(this, position);
        lock (_gate)
        {
            _attached.Add(reader);
        }

        return reader;
    }

    /// <summary>Adds a record. Once the log is disposed, nobody will read and nothing is kept.</summary>
    /// <exception cref="IOException">There is no room for it: the disk is full, or no file can be opened.</exception>
    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (_holders == 0)
            {
                return;
            }

            Of(stream).Append(++_lastSeq, _clock.GetUtcNow().UtcDateTime, bytes);
        }

        Wake();
    }

    /// <summary>Says that no more will come, which ends the followers when they have caught up.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
        }

        Wake();
    }

    /// <summary>How many bytes the job wrote to a stream.</summary>
    public long Produced(OutputStream stream)
    {
        lock (_gate)
        {
            return Of(stream).Produced;
        }
    }

    /// <summary>How many of them can be read.</summary>
    public long Kept(OutputStream stream)
    {
        lock (_gate)
        {
            return Of(stream).Kept;
        }
    }

    /// <summary>
    /// The file that holds the whole of a stream, for sendfile(2); null while it is in memory. It stays owned by the log.
    /// </summary>
    public SafeFileHandle? WholeFile(OutputStream stream)
    {
        lock (_gate)
        {
            return Of(stream).WholeFile;
        }
    }

    /// <summary>Reads kept bytes of a stream from an offset.</summary>
    /// <param name="offset">Where to begin; when those bytes were dropped it is moved to the first that were not.</param>
    /// <returns>How many bytes were read; 0 when there are none yet.</returns>
    public int Read(OutputStream stream, ref long offset, Span<byte> buffer)
    {
        lock (_gate)
        {
            return Of(stream).Read(ref offset, buffer);
        }
    }

    /// <summary>Waits until a stream reaches beyond an offset or ends.</summary>
    /// <returns>Whether there is a byte at that offset or after it.</returns>
    public async Task<bool> MoreAsync(OutputStream stream, long offset, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Of(stream).Produced > offset)
                {
                    return true;
                }

                if (_complete)
                {
                    return false;
                }

                changed = Changed();
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>
    /// The position that so many bytes of both streams together lie before, in the order in which a follower meets them; those
    /// that were dropped count where the follower skips them.
    /// </summary>
    public OutputPosition PositionOfMerged(long offset)
    {
        lock (_gate)
        {
            var position = new OutputPosition(0, 0);
            while (offset > 0 && NextRecord(position) is { } next)
            {
                StreamLog log = Of(next.Stream);
                bool stdout = next.Stream == OutputStream.Stdout;
                long from = stdout ? position.Stdout : position.Stderr;
                long end = next.Offset < log.GapStart ? Math.Min(next.End, log.GapStart) : next.End;
                long taken = Math.Min(offset, end - from);
                position = stdout ? position with { Stdout = from + taken } : position with { Stderr = from + taken };
                offset -= taken;
            }

            return position;
        }
    }

    /// <summary>The position from which a follower meets exactly the records from a sequence number on.</summary>
    public OutputPosition PositionOf(long seq)
    {
        lock (_gate)
        {
            return new OutputPosition(_stdout.OffsetOf(seq), _stderr.OffsetOf(seq));
        }
    }

    /// <summary>
    /// The output in the order in which it came, from a position on, and then what is added, until the job's output ends.
    /// A follower that the job has left behind by more than what is kept goes on after the gap, and its chunk says so.
    /// </summary>
    /// <param name="position">Where to begin; a chunk's <see cref="OutputChunk.Next"/> resumes right after it.</param>
    public async IAsyncEnumerable<OutputChunk> FollowAsync(
        OutputPosition position = default, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            Task changed;
            OutputChunk? chunk;
            lock (_gate)
            {
                chunk = Next(position);
                if (chunk is null && _complete)
                {
                    yield break;
                }

                changed = Changed();
            }

            if (chunk is { } found)
            {
                position = found.Next;
                yield return found;
            }
            else
            {
                await changed.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>Lets go of one hold; with the last the memory and the files are released.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_holders == 0 || --_holders > 0)
            {
                return;
            }

            _stdout.Dispose();
            _stderr.Dispose();
        }

        Moved();
    }

    /// <summary>Waits until bytes can be added to a stream without dropping what an attached reader has not had.</summary>
    /// <param name="hurried">From its completion on nobody is waited for.</param>
    /// <returns>How many, at most as many as are wanted.</returns>
    internal async ValueTask<int> RoomAsync(OutputStream stream, int wanted, Task hurried)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                long room = _holders == 0 || hurried.IsCompleted ? wanted : _attached
                    .Select(reader => Of(stream).RoomBefore(stream == OutputStream.Stdout ? reader.Position.Stdout : reader.Position.Stderr))
                    .DefaultIfEmpty(long.MaxValue)
                    .Min();
                if (room > 0)
                {
                    return (int)Math.Min(room, wanted);
                }

                moved = (_room ??= NewSource()).Task;
            }

            await Task.WhenAny(moved, hurried);
        }
    }

    internal void Moved()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }

    internal void Detach(AttachedReader reader)
    {
        lock (_gate)
        {
            _attached.Remove(reader);
        }

        Moved();
    }

    private StreamLog Of(OutputStream stream) => stream == OutputStream.Stdout ? _stdout : _stderr;

    private Task Changed() => (_changed ??= NewSource()).Task;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StreamLog CopyWithin(StreamLog stream, long limit)
    {
        lock (_gate)
        {
            return stream.CopyWithin(_space, limit);
        }
    }

    /// <summary>The stream whose next unread byte came first, with that byte's record from there to its end.</summary>
    private (OutputStream Stream, OutputRecord Record, long Offset, long End)? NextRecord(OutputPosition position)
    {
        (long stdout, long stderr) = (PastGap(_stdout, position.Stdout), PastGap(_stderr, position.Stderr));
        bool moreStdout = stdout < _stdout.Produced, moreStderr = stderr < _stderr.Produced;
        if (!moreStdout && !moreStderr)
        {
            return null;
        }

        bool takeStdout = !moreStderr || (moreStdout && _stdout.RecordAt(stdout).Record.Seq < _stderr.RecordAt(stderr).Record.Seq);
        (StreamLog log, long offset) = takeStdout ? (_stdout, stdout) : (_stderr, stderr);
        (OutputRecord record, long end) = log.RecordAt(offset);
        return (takeStdout ? OutputStream.Stdout : OutputStream.Stderr, record, offset, end);
    }

    /// <summary>The bytes that come next, up to the end of their record.</summary>
    private OutputChunk? Next(OutputPosition position)
    {
        if (NextRecord(position) is not var (stream, record, offset, end))
        {
            return null;
        }

        byte[] bytes = new byte[Math.Min(end - offset, ChunkBytes)];
        int n = Of(stream).Read(ref offset, bytes);
        bool stdout = stream == OutputStream.Stdout;
        return new OutputChunk(
            record.Seq,
            record.Time,
            stream,
            offset,
            bytes.AsMemory(0, n),
            Skipped: offset - (stdout ? position.Stdout : position.Stderr),
            Next: stdout ? position with { Stdout = offset + n } : position with { Stderr = offset + n });
    }

    private static long PastGap(StreamLog log, long offset) =>
        offset >= log.GapStart && offset < log.GapEnd ? log.GapEnd : offset;

    private void Wake()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }
}

/// <summary>Where a follower is: an offset in each stream.</summary>
/// <param name="Stdout">The next byte of standard output.</param>
/// <param name="Stderr">The next byte of standard error.</param>
public readonly record struct OutputPosition(long Stdout, long Stderr);

/// <summary>A record of the log, or a piece of a large one.</summary>
/// <param name="Seq">The record's number in the order of both streams.</param>
/// <param name="Time">When its first byte was read, UTC.</param>
/// <param name="Stream">Which stream.</param>
/// <param name="Offset">The offset of the first byte here in its stream.</param>
/// <param name="Bytes">The bytes, a copy.</param>
/// <param name="Skipped">How many bytes before these were dropped: the gap between head and tail.</param>
/// <param name="Next">The position right after this chunk.</param>
public readonly record struct OutputChunk(
    long Seq, DateTime Time, OutputStream Stream, long Offset, ReadOnlyMemory<byte> Bytes, long Skipped, OutputPosition Next);
