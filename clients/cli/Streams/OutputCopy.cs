using System.Globalization;
using Kuid.Cli.Api;

namespace Kuid.Cli.Streams;

/// <summary>Takes a job's stream to the descriptor of the same name, byte for byte, as it comes.</summary>
internal static class OutputCopy
{
    private const int BufferBytes = 64 * 1024;
    private const string Truncated = "Kuid-Truncated";

    /// <summary>Copies one stream to its end; with follow that is the job's end.</summary>
    /// <param name="fd"><see cref="Descriptor.Stdout"/> or <see cref="Descriptor.Stderr"/>.</param>
    /// <param name="tail">How many of the last bytes; null for all.</param>
    /// <param name="whole">Whether a stream with bytes missing is no stream at all, rather than worth a remark.</param>
    /// <exception cref="ReaderGoneException">Nobody reads the descriptor any more.</exception>
    /// <exception cref="FailureException">Bytes are missing.</exception>
    internal static Task RunAsync(
        DaemonClient daemon, long id, int fd, bool follow, long? tail, CancellationToken cancellation, bool whole = false) =>
        ReadAllAsync(daemon, id, fd, follow, tail, whole, piece => Descriptor.Write(fd, piece.Span), cancellation);

    /// <summary>Copies one stream in whole lines, each with the job's number in front: what several jobs write mixes by lines only.</summary>
    internal static async Task RunLinesAsync(DaemonClient daemon, long id, int fd, bool follow, long? tail, CancellationToken cancellation)
    {
        var lines = new PrefixedLines(string.Create(CultureInfo.InvariantCulture, $"{id}: "), fd);
        await ReadAllAsync(daemon, id, fd, follow, tail, whole: false, lines.Write, cancellation);
        lines.End();
    }

    /// <summary>Reads what is there of a body.</summary>
    /// <exception cref="FailureException">The connection broke.</exception>
    internal static async Task<int> ReadAsync(DaemonClient daemon, Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e)
        {
            throw daemon.Broken(e);
        }
    }

    private static async Task ReadAllAsync(
        DaemonClient daemon, long id, int fd, bool follow, long? tail, bool whole, Action<ReadOnlyMemory<byte>> write, CancellationToken cancellation)
    {
        string stream = fd == Descriptor.Stdout ? "stdout" : "stderr";
        using HttpResponseMessage response = await daemon.OpenOutputAsync(id, stream, follow, tail, cancellation);
        if (response.Headers.TryGetValues(Truncated, out IEnumerable<string>? values) && values.Contains("true", StringComparer.Ordinal))
        {
            string missing = $"the middle of job {id}'s {stream} was not kept";
            if (whole)
            {
                throw new FailureException(missing);
            }

            Talk.Line($"{missing}; what follows is its head and its tail");
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[BufferBytes];
        int n;
        while ((n = await ReadAsync(daemon, body, buffer, cancellation)) > 0)
        {
            write(buffer.AsMemory(0, n));
        }
    }
}
