using System.Runtime.CompilerServices;
using Kuid.Jobd.Core.Metrics;
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

    private readonly Lock _gate = new();
    private readonly SpoolSpace _space;
    private readonly TimeProvider _clock;
    private readonly StreamLog _stdout;
    private readonly StreamLog _stderr;
    private readonly AttachedReaders _attached = new();
    private TaskCompletionSource? _changed;
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
            // Without the lock: nothing is appended any more, and readers are not kept waiting for a copy that takes its time.
            shortStdout = _stdout.Kept > limit ? _stdout.CopyWithin(_space, limit) : null;
            shortStderr = _stderr.Kept > limit ? _stderr.CopyWithin(_space, limit) : null;
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

        Moved();
        return reader;
    }

    /// <summary>
    /// Holds the job up, as for an attached reader, until each stream has one, or this is disposed: a reader is about to come.
    /// </summary>
    public AttachedReader ExpectReaders()
    {
        var placeholder = new AttachedReader(this, default);
        lock (_gate)
        {
            _attached.Expect(placeholder);
        }

        return placeholder;
    }

    /// <summary>Adds a record. Once the log is disposed, nobody will read and nothing is kept.</summary>
    /// <exception cref="IOException">There is no room for it: the disk is full, or no file can be opened.</exception>
    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes) => Append(stream, bytes, _clock.GetUtcNow().UtcDateTime);

    /// <summary>Adds a record of an earlier time, UTC.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    internal void Append(OutputStream stream, ReadOnlySpan<byte> bytes, DateTime time)
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

            Of(stream).Append(++_lastSeq, time, bytes);
        }

        JobMeter.Wrote(stream, bytes.Length);
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

    /// <summary>Whether nothing of it is in a file.</summary>
    public bool IsInMemory
    {
        get
        {
            lock (_gate)
            {
                return _stdout.IsInMemory && _stderr.IsInMemory;
            }
        }
    }

    /// <summary>Whether so much more of a stream would still be in memory.</summary>
    internal bool StaysInMemory(OutputStream stream, int more)
    {
        lock (_gate)
        {
            return Of(stream).StaysInMemory(more);
        }
    }

    /// <summary>How many bytes the job wrote to a stream.</summary>
    public long Produced(OutputStream stream)
    {
        lock (_gate)
        {
            return Of(stream).Produced;
        }
    }

    /// <summary>The bytes of a stream that were dropped: the first of them and the one after the last; equal when there are none.</summary>
    public (long Start, long End) Gap(OutputStream stream)
    {
        lock (_gate)
        {
            return (Of(stream).GapStart, Of(stream).GapEnd);
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
    /// that were dropped do not count.
    /// </summary>
    public OutputPosition PositionOfMerged(long offset)
    {
        lock (_gate)
        {
            return OutputOrder.PositionOf(_stdout, _stderr, offset);
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
                chunk = OutputOrder.Read(_stdout, _stderr, position);
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
                long room = _holders == 0 || hurried.IsCompleted ? wanted : _attached.RoomIn(Of(stream), stream);
                if (room > 0)
                {
                    return (int)Math.Min(room, wanted);
                }

                moved = _attached.NextMove();
            }

            await Task.WhenAny(moved, hurried);
        }
    }

    /// <summary>Waits until each stream has the reader that is expected of it, or none is expected any more.</summary>
    /// <param name="hurried">From its completion on nobody is waited for.</param>
    internal async Task ReadersHaveComeAsync(Task hurried)
    {
        while (!hurried.IsCompleted)
        {
            Task moved;
            lock (_gate)
            {
                if (!_attached.AreExpected)
                {
                    return;
                }

                moved = _attached.NextMove();
            }

            await Task.WhenAny(moved, hurried);
        }
    }

    /// <summary>An attached reader has read on, or has gone, or has come.</summary>
    internal void Moved(AttachedReader? gone = null)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            waiting = _attached.Moved(gone);
        }

        waiting?.TrySetResult();
    }

    private StreamLog Of(OutputStream stream) => stream == OutputStream.Stdout ? _stdout : _stderr;

    private Task Changed() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

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
