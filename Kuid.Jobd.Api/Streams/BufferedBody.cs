using System.Buffers;

namespace Kuid.Jobd.Api.Streams;

/// <summary>A body that is made of many small pieces and sent in large ones, as fast as they are taken.</summary>
internal sealed class BufferedBody(Stream body, CancellationToken cancellation)
{
    private const int EnoughBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _pieces = new();

    /// <summary>Adds a piece.</summary>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> piece)
    {
        _pieces.Write(piece.Span);
        if (_pieces.WrittenCount >= EnoughBytes)
        {
            await FlushAsync();
        }
    }

    /// <summary>Sends what there is.</summary>
    internal async ValueTask FlushAsync()
    {
        await body.WriteAsync(_pieces.WrittenMemory, cancellation);
        _pieces.ResetWrittenCount();
    }
}
