using System.Buffers;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>Takes one line from an input of bytes and leaves the rest to whoever reads next.</summary>
internal static class InputLine
{
    /// <summary>The next line without its end; null when the input has ended.</summary>
    public static async ValueTask<string?> NextAsync(SharedInput input, StageContext context, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        bool hasBegun = false;
        while (await input.NextAsync(context, cancellation) is { } row)
        {
            ReadOnlyMemory<byte> bytes = ValueText.BytesOf(row[0]);
            hasBegun |= !bytes.IsEmpty;
            int end = bytes.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                line.Write(bytes.Span);
                continue;
            }

            line.Write(bytes.Span[..end]);
            if (end + 1 < bytes.Length)
            {
                input.Return([new BytesValue(bytes[(end + 1)..])]);
            }

            return ShellText.Of(line.WrittenSpan);
        }

        return hasBegun ? ShellText.Of(line.WrittenSpan) : null;
    }
}
