using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

// Many files in three round trips: all are opened, all are read and closed, all bytes are fetched.
public sealed partial class RemoteSystem
{
    // A second read tells whether the first reached the end: /proc gives less than it has whenever it likes.
    private const int ProbeLength = 16;
    private const int ReadGroupBytes = 16 * 1024 * 1024;
    private const int LongestRead = 128 * 1024 * 1024;
    /// <summary>
    /// Reads many files in as few round trips as possible, in their order; one that fails is an item with an error. A FIFO or a terminal
    /// is not waited for: what it has at the moment is its content.
    /// </summary>
    /// <param name="paths">Which.</param>
    /// <param name="limitEach">Bytes of each that are read at most, up to 128 MiB. Small is better: that much memory is set aside for each.</param>
    public async IAsyncEnumerable<FileContent> ReadFilesAsync(
        IReadOnlyList<ByteString> paths, int limitEach = 64 * 1024, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitEach);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limitEach, LongestRead);
        var size = Math.Max(1, Math.Min(await OpenFileLimitAsync(cancellationToken), ReadGroupBytes / limitEach));
        foreach (var group in paths.Chunk(size))
        {
            foreach (var content in await ReadGroupAsync(group, limitEach, cancellationToken))
                yield return content;
        }
    }

    private async Task<FileContent[]> ReadGroupAsync(ByteString[] paths, int limit, CancellationToken cancellationToken)
    {
        var opens = await OpenAllAsync(paths, OpenFlags.Read, cancellationToken);
        var stride = (int)ArenaAllocator.RoundUp(limit) + ProbeLength;
        using var memory = await RentOrCloseAsync(opens, stride * paths.Length, cancellationToken);
        var reads = await ReadAndCloseAsync(opens, memory, stride, limit, cancellationToken);

        var transfers = new Batch();
        var downloads = reads.Select((read, i) => read is null || read.Value.First.Error is not null
            ? null
            : transfers.Download(memory, Count(_calls.Read, read.Value.First.Result, limit), i * stride)).ToArray();
        await Client.SendAsync(transfers, cancellationToken);

        var contents = new FileContent[paths.Length];
        for (var i = 0; i < paths.Length; i++)
            contents[i] = await ContentOfAsync(paths[i], opens[i], reads[i], downloads[i], limit, cancellationToken);

        return contents;
    }

    private async Task<FileContent> ContentOfAsync(
        ByteString path,
        Request open,
        (Request First, Request Probe)? read,
        Request? download,
        int limit,
        CancellationToken cancellationToken)
    {
        if (open.Error == Errno.EMFILE)
            return await ReadAloneAsync(path, limit, cancellationToken);

        if (ErrorOf(_calls.OpenAt, path, open) is { } openError)
            return new FileContent(path, default, false, openError);

        if (download is null)
            return new FileContent(path, default, false, ErrorOf(_calls.Read, path, read!.Value.First));

        // There is more, but the first read did not fill its memory: the end can only be found by reading on.
        var more = read!.Value.Probe.Result > 0;
        return more && download.Bytes.Length < limit
            ? await ReadAloneAsync(path, limit, cancellationToken)
            : new FileContent(path, download.Bytes, more, null);
    }

    private async Task<FileContent> ReadAloneAsync(ByteString path, int limit, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await ReadFileAsync(path, limit + 1, cancellationToken);
            return new FileContent(path, bytes[..Math.Min(limit, bytes.Length)], bytes.Length > limit, null);
        }
        catch (SysreqException error)
        {
            return new FileContent(path, default, false, error);
        }
    }

    private async Task<(Request First, Request Probe)?[]> ReadAndCloseAsync(
        Request[] opens, ScratchLease memory, int stride, int limit, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        var reads = new (Request, Request)?[opens.Length];
        var closes = new List<(int Descriptor, Request Close)>();
        for (var i = 0; i < opens.Length; i++)
        {
            if (opens[i].Error is not null)
                continue;

            var descriptor = (int)opens[i].Result;
            reads[i] = (
                batch.Call(_calls.Read, descriptor, memory.AddressOf(i * stride, limit), limit),
                batch.Call(_calls.Read, descriptor, memory.AddressOf(((i + 1) * stride) - ProbeLength, ProbeLength), ProbeLength));
            closes.Add((descriptor, batch.Call(_calls.Close, descriptor)));
        }

        await SendWithClosesAsync(batch, closes, cancellationToken);
        return reads;
    }

}
