using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// Everything a job wrote: one ordered log of records (seq, time, stream, bytes), the streams apart yet in order, readable
/// from any record or byte offset while the job runs and after. Beyond its limit a stream keeps head and tail.
/// </summary>
/// <remarks>
/// The job's runner appends, from one task a stream; any number of followers read. It owns the memory and the files that
/// the bytes are in; whoever submitted the job disposes it.
/// </remarks>
public sealed class OutputLog : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly StreamLog _stdout;
    private readonly StreamLog _stderr;
    private TaskCompletionSource? _changed;
    private long _lastSeq;
    private bool _complete;
    private bool _disposed;

    /// <summary>An empty log.</summary>
    /// <param name="limit">How many bytes of each stream are kept, half at its head and half at its tail; null for all.</param>
    public OutputLog(SpoolSpace space, TimeProvider clock, long? limit)
    {
        _clock = clock;
        _stdout = new StreamLog(space, limit);
        _stderr = new StreamLog(space, limit);
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
            if (_disposed)
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

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _stdout.Dispose();
            _stderr.Dispose();
        }
    }

    private StreamLog Of(OutputStream stream) => stream == OutputStream.Stdout ? _stdout : _stderr;

    /// <summary>The stream whose next unread byte came first, up to the end of that byte's record.</summary>
    private OutputChunk? Next(OutputPosition position)
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
        byte[] bytes = new byte[Math.Min(end - offset, ChunkBytes)];
        int n = log.Read(ref offset, bytes);
        return new OutputChunk(
            record.Seq,
            record.Time,
            takeStdout ? OutputStream.Stdout : OutputStream.Stderr,
            offset,
            bytes.AsMemory(0, n),
            Skipped: offset - (takeStdout ? position.Stdout : position.Stderr),
            Next: takeStdout ? position with { Stdout = offset + n } : position with { Stderr = offset + n });
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
