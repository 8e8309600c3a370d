using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Api.Streams;

/// <summary>
/// Both streams in the order in which they came. Offsets count the bytes of that order that can be read: where in it those lay
/// that were dropped is not known any more, so there is no gap to point at, only the fact that some are missing.
/// </summary>
internal sealed class MergedView(OutputLog log) : OutputView(log)
{
    internal override string Name => "the output";

    internal override long Length => Log.Kept(OutputStream.Stdout) + Log.Kept(OutputStream.Stderr);

    internal override (long Start, long End) Gap => (0, 0);

    internal override bool IsTruncated(long start, long end) =>
        Log.Kept(OutputStream.Stdout) < Log.Produced(OutputStream.Stdout) || Log.Kept(OutputStream.Stderr) < Log.Produced(OutputStream.Stderr);

    internal override async Task CopyAsync(Stream body, long start, long end, bool follow, bool contiguous, CancellationToken cancellation)
    {
        if (start >= end)
        {
            return;
        }

        OutputPosition position = Log.PositionOfMerged(start);
        using AttachedReader? reader = follow ? Log.Attach(position) : null;
        long offset = start;
        await foreach (OutputChunk chunk in Log.FollowAsync(position, cancellation))
        {
            if (contiguous && chunk.Skipped > 0 && !Log.IsComplete)
            {
                throw new OutputDroppedException();
            }

            ReadOnlyMemory<byte> bytes = chunk.Bytes[..(int)Math.Min(chunk.Bytes.Length, end - offset)];
            await body.WriteAsync(bytes, cancellation);
            reader?.MoveTo(chunk.Next);
            offset += bytes.Length;
            if (offset >= end)
            {
                break;
            }
        }
    }
}
