namespace Kuid.Jobd.Core.Output;

/// <summary>The order in which the bytes of both streams came, by the records that say so. The log's lock guards the streams.</summary>
internal static class OutputOrder
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The bytes that come next, up to the end of their record; null when there are no more.</summary>
    internal static OutputChunk? Read(StreamLog stdout, StreamLog stderr, OutputPosition position)
    {
        if (Next(stdout, stderr, position) is not var (stream, record, offset, end))
        {
            return null;
        }

        bool isStdout = stream == OutputStream.Stdout;
        byte[] bytes = new byte[Math.Min(end - offset, ChunkBytes)];
        int n = (isStdout ? stdout : stderr).Read(ref offset, bytes);
        return new OutputChunk(
            record.Seq,
            record.Time,
            stream,
            offset,
            bytes.AsMemory(0, n),
            Skipped: offset - (isStdout ? position.Stdout : position.Stderr),
            Next: isStdout ? position with { Stdout = offset + n } : position with { Stderr = offset + n });
    }

    /// <summary>The position that so many bytes that can be read lie before.</summary>
    internal static OutputPosition PositionOf(StreamLog stdout, StreamLog stderr, long merged)
    {
        var position = new OutputPosition(0, 0);
        while (merged > 0 && Next(stdout, stderr, position) is var (stream, _, offset, end))
        {
            long taken = Math.Min(merged, end - offset);
            position = stream == OutputStream.Stdout ? position with { Stdout = offset + taken } : position with { Stderr = offset + taken };
            merged -= taken;
        }

        return position;
    }

    /// <summary>The stream whose next unread byte came first, with that byte's record from there to its end or the gap.</summary>
    private static (OutputStream Stream, OutputRecord Record, long Offset, long End)? Next(
        StreamLog stdout, StreamLog stderr, OutputPosition position)
    {
        (long nextStdout, long nextStderr) = (PastGap(stdout, position.Stdout), PastGap(stderr, position.Stderr));
        bool moreStdout = nextStdout < stdout.Produced, moreStderr = nextStderr < stderr.Produced;
        if (!moreStdout && !moreStderr)
        {
            return null;
        }

        bool takeStdout = !moreStderr || (moreStdout && stdout.RecordAt(nextStdout).Record.Seq < stderr.RecordAt(nextStderr).Record.Seq);
        (StreamLog log, long offset) = takeStdout ? (stdout, nextStdout) : (stderr, nextStderr);
        (OutputRecord record, long end) = log.RecordAt(offset);

        // Of a record that the gap begins in, only what lies before is there.
        end = offset < log.GapStart ? Math.Min(end, log.GapStart) : end;
        return (takeStdout ? OutputStream.Stdout : OutputStream.Stderr, record, offset, end);
    }

    private static long PastGap(StreamLog log, long offset) =>
        offset >= log.GapStart && offset < log.GapEnd ? log.GapEnd : offset;
}
