using System.Buffers;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Api.Streams;

/// <summary>One stream. Offsets count what the job wrote, what was dropped included.</summary>
internal sealed class StreamView(OutputLog log, OutputStream stream) : OutputView(log)
{
    private const int BufferBytes = 64 * 1024;

    internal override string Name => stream == OutputStream.Stdout ? "stdout" : "stderr";

    internal override long Length => Log.Produced(stream);

    internal override (long Start, long End) Gap => Log.Gap(stream);

    internal override bool IsTruncated(long start, long end) => Gap is var gap && gap.Start < gap.End && start < gap.End && end > gap.Start;

    internal override async Task CopyAsync(Stream body, long start, long end, bool follow, bool contiguous, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using AttachedReader? reader = follow ? Log.Attach(PositionOf(start)) : null;
        try
        {
            long offset = start;
            while (offset < end)
            {
                long before = offset;
                int n = Log.Read(stream, ref offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)));
                if (contiguous && offset != before)
                {
                    throw new OutputDroppedException();
                }

                n = (int)Math.Min(n, end - offset);
                if (n > 0)
                {
                    await body.WriteAsync(buffer.AsMemory(0, n), cancellation);
                    offset += n;
                    reader?.MoveTo(PositionOf(offset));
                }
                else if (!follow || !await Log.MoreAsync(stream, offset, cancellation))
                {
                    break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The other stream is not read here, and nobody is to wait for that.
    private OutputPosition PositionOf(long offset) => stream == OutputStream.Stdout
        ? new OutputPosition(offset, long.MaxValue)
        : new OutputPosition(long.MaxValue, offset);
}
