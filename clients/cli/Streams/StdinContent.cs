using System.Net;
using System.Net.Http.Headers;

namespace Kuid.Cli.Streams;

/// <summary>
/// A request body of unknown length that sends each piece as soon as it is there. The reads block a thread, for a terminal or
/// a pipe of the caller's has no other way that leaves it as it was; nothing ever waits for that thread at the end.
/// </summary>
internal sealed class StdinContent : HttpContent
{
    private const int PieceBytes = 64 * 1024;

    private readonly Func<Memory<byte>, int> _read;

    /// <param name="read">Reads the next piece; 0 at the end.</param>
    internal StdinContent(Func<Memory<byte>, int> read)
    {
        _read = read;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The daemon hears of the request now, not when the first line has been typed.
        await stream.FlushAsync(cancellationToken);
        byte[] buffer = new byte[PieceBytes];
        int n;
        while ((n = await Task.Run(() => _read(buffer), cancellationToken)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, n), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
