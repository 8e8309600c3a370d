using System.Runtime.CompilerServices;

namespace Kuid.Client;

/// <summary>A job's output in pieces, over as many connections as it takes.</summary>
internal sealed class OutputPieces(KuidClient client, long id, OutputStream stream, bool follow)
{
    private const int PieceBytes = 65536;

    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> FromAsync(
        long offset, [EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[] piece = new byte[PieceBytes];
        var patience = new Patience(client.Patience);
        while (true)
        {
            using FileResponse answer = await OpenAsync(offset, cancellation).ConfigureAwait(false);
            if (answer.Headers.Header("Kuid-Truncated") == "true")
                throw new OutputMissingException($"job {id} wrote more to {stream} than was kept; from {offset} on it is not whole");

            while (await ReadAsync(answer.Stream, piece, patience, cancellation).ConfigureAwait(false) is { } count)
            {
                if (count == 0)
                    yield break;

                offset += count;
                patience.Progress();
                yield return piece.AsMemory(0, count);
            }
        }
    }

    private Task<FileResponse> OpenAsync(long offset, CancellationToken cancellation) => stream switch
    {
        OutputStream.Stdout => client.Api.GetStdoutAsync(id, offset: offset, follow: follow, cancellationToken: cancellation),
        OutputStream.Stderr => client.Api.GetStderrAsync(id, offset: offset, follow: follow, cancellationToken: cancellation),
        _ => client.Api.GetOutputAsync(id, offset: offset, follow: follow, cancellationToken: cancellation),
    };

    // 0 at the end, null when the connection broke and it is time for the next.
    private static async Task<int?> ReadAsync(Stream body, byte[] piece, Patience patience, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(piece, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            if (await patience.AgainAsync(after: null, cancellation).ConfigureAwait(false))
                return null;

            throw;
        }
    }
}
