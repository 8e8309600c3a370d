using System.Buffers;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>A whole line of a stream of output.</summary>
/// <param name="Bytes">The line without its end, good until the next one is asked for.</param>
/// <param name="IsBehindGap">Whether it is the first whole one behind bytes that were dropped.</param>
/// <param name="Offset">Where those had ended; of no meaning for other lines.</param>
internal readonly record struct OutputLine(ReadOnlyMemory<byte> Bytes, bool IsBehindGap, long Offset)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Whether it is a row of a result.</summary>
    internal bool IsRow => Bytes.Span is [(byte)'[', ..];

    /// <summary>The lines between two offsets. A line that was dropped in part is left out.</summary>
    internal static IEnumerable<OutputLine> Of(OutputLog log, OutputStream stream, long from, long end)
    {
        var pending = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[BufferBytes];
        bool isTorn = false;
        long offset = from, gapEnd = -1;
        while (offset < end)
        {
            long wanted = offset;
            int n = log.Read(stream, ref offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)));
            if (n <= 0 || offset >= end)
            {
                break;
            }

            if (offset != wanted)
            {
                pending.ResetWrittenCount();
                (isTorn, gapEnd) = (true, offset);
            }

            n = (int)Math.Min(n, end - offset);
            offset += n;
            for (int at = 0; at < n;)
            {
                int length = buffer.AsSpan(at, n - at).IndexOf((byte)'\n');
                if (length < 0)
                {
                    pending.Write(buffer.AsSpan(at, n - at));
                    break;
                }

                pending.Write(buffer.AsSpan(at, length));
                at += length + 1;
                if (isTorn)
                {
                    isTorn = false;
                }
                else
                {
                    yield return new OutputLine(pending.WrittenMemory, gapEnd >= 0, gapEnd);
                    gapEnd = -1;
                }

                pending.ResetWrittenCount();
            }
        }
    }
}
