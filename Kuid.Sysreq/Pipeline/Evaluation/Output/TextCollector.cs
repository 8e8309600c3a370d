using System.Buffers;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>The text that a substitution becomes.</summary>
internal sealed class TextCollector
{
    /// <summary>How many bytes a substitution may give.</summary>
    public const int Limit = 64 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Takes rows as plain text.</summary>
    public IResultSink Sink => new PlainTextSink(WriteAsync);

    /// <summary>What came, without the newlines at its end. A NUL, which no argument can have, is left out.</summary>
    public string Text
    {
        get
        {
            ReadOnlySpan<byte> bytes = _bytes.WrittenSpan.TrimEnd((byte)'\n');
            return ShellText.Of(bytes.Contains((byte)0) ? [.. bytes.ToArray().Where(single => single != 0)] : bytes);
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_bytes.WrittenCount + (long)bytes.Length > Limit)
        {
            throw new ExpansionException($"a substitution gives more than {Limit} bytes");
        }

        _bytes.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
