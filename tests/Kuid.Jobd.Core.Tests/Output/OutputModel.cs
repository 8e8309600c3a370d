using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>
/// What an output log should be, naively: a list of all bytes with their stream, offset and record. The bytes of a piece are
/// made from stream and offset, so that a byte in a wrong place is a wrong byte.
/// </summary>
internal sealed class OutputModel(long? limit)
{
    private readonly List<ModelByte> _bytes = [];
    private readonly Dictionary<OutputStream, long> _produced = new() { [OutputStream.Stdout] = 0, [OutputStream.Stderr] = 0 };

    internal static OutputStream[] Streams { get; } = [OutputStream.Stdout, OutputStream.Stderr];

    internal long Records { get; private set; }

    internal static byte ByteAt(OutputStream stream, long offset) => (byte)((offset * 31) + (offset >> 8) + (stream == OutputStream.Stdout ? 0 : 7));

    /// <summary>Adds the next bytes of a stream and returns them.</summary>
    internal byte[] Append(Piece piece)
    {
        byte[] bytes = new byte[piece.Length];
        Records += piece.Length > 0 ? 1 : 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            long offset = _produced[piece.Stream]++;
            bytes[i] = ByteAt(piece.Stream, offset);
            _bytes.Add(new ModelByte(Records, piece.Stream, offset, bytes[i]));
        }

        return bytes;
    }

    internal long Produced(OutputStream stream) => _produced[stream];

    internal long Kept(OutputStream stream) => limit is { } l ? Math.Min(l, Produced(stream)) : Produced(stream);

    internal bool IsKept(OutputStream stream, long offset) =>
        limit is not { } l || Produced(stream) <= l || offset < l / 2 || offset >= Produced(stream) - (l - (l / 2));

    /// <summary>The first kept offset from one on; what was produced when there is none.</summary>
    internal long FirstKept(OutputStream stream, long offset)
    {
        while (offset < Produced(stream) && !IsKept(stream, offset))
        {
            offset++;
        }

        return offset;
    }

    /// <summary>The kept bytes from a position on, in the order of both streams.</summary>
    internal IEnumerable<ModelByte> From(OutputPosition position) => _bytes.Where(b =>
        IsKept(b.Stream, b.Offset) && b.Offset >= (b.Stream == OutputStream.Stdout ? position.Stdout : position.Stderr));

    internal IEnumerable<ModelByte> FromRecord(long seq) => _bytes.Where(b => IsKept(b.Stream, b.Offset) && b.Seq >= seq);

    internal byte[] KeptBytes(OutputStream stream) => [.. From(default).Where(b => b.Stream == stream).Select(b => b.Byte)];
}

/// <summary>One byte of output and where it belongs.</summary>
internal readonly record struct ModelByte(long Seq, OutputStream Stream, long Offset, byte Byte)
{
    internal static IEnumerable<ModelByte> Of(OutputChunk chunk) =>
        chunk.Bytes.ToArray().Select((b, i) => new ModelByte(chunk.Seq, chunk.Stream, chunk.Offset + i, b));
}
