namespace Kuid.Sysreq.Remote;

// Many directories in three round trips: all are opened, all are listed and closed, all entries are fetched.
public sealed partial class RemoteSystem
{
    private const int ManyListingLength = 16 * 1024;
    private const int ManyListingGroup = 256;

    // A name has at most 255 bytes: an entry that does not fit into this does not exist.
    private const int EntryProbeLength = 288;

    /// <summary>
    /// The entries of many directories in as few round trips as possible, in their order, <c>.</c> and <c>..</c> among them. For some large
    /// directory <see cref="ListAsync(ByteString, CancellationToken)"/> is better, which does not hold all of it at once.
    /// </summary>
    public async Task<IReadOnlyList<Outcome<IReadOnlyList<DirectoryEntry>>>> ListAllAsync(
        IReadOnlyList<ByteString> paths, CancellationToken cancellationToken = default)
    {
        var outcomes = new List<Outcome<IReadOnlyList<DirectoryEntry>>>(paths.Count);
        var size = Math.Min(await OpenFileLimitAsync(cancellationToken), ManyListingGroup);
        foreach (var group in paths.Chunk(size))
            outcomes.AddRange(await ListGroupAsync(group, cancellationToken));

        return outcomes;
    }

    private async Task<Outcome<IReadOnlyList<DirectoryEntry>>[]> ListGroupAsync(ByteString[] paths, CancellationToken cancellationToken)
    {
        const int Stride = ManyListingLength + EntryProbeLength;
        var opens = await OpenAllAsync(paths, OpenFlags.Read | OpenFlags.Directory, cancellationToken);
        using var memory = await RentOrCloseAsync(opens, Stride * paths.Length, cancellationToken);
        var batch = new Batch();
        var lists = new (Request First, Request Probe)?[paths.Length];
        var closes = new List<(int Descriptor, Request Close)>();
        for (var i = 0; i < paths.Length; i++)
        {
            if (opens[i].Error is not null)
                continue;

            var descriptor = (int)opens[i].Result;
            var address = memory.AddressOf(i * Stride, Stride);
            lists[i] = (
                batch.Call(_calls.GetDents, descriptor, address, ManyListingLength),
                batch.Call(_calls.GetDents, descriptor, address + ManyListingLength, EntryProbeLength));
            closes.Add((descriptor, batch.Call(_calls.Close, descriptor)));
        }

        await SendWithClosesAsync(batch, closes, cancellationToken);
        var transfers = new Batch();
        var downloads = lists.Select((list, i) => list is null || list.Value.First.Error is not null
            ? null
            : transfers.Download(memory, Count(_calls.GetDents, list.Value.First.Result, ManyListingLength), i * Stride)).ToArray();
        await Client.SendAsync(transfers, cancellationToken);

        var outcomes = new Outcome<IReadOnlyList<DirectoryEntry>>[paths.Length];
        for (var i = 0; i < paths.Length; i++)
            outcomes[i] = await EntriesOfAsync(paths[i], opens[i], lists[i], downloads[i], cancellationToken);

        return outcomes;
    }

    private async Task<Outcome<IReadOnlyList<DirectoryEntry>>> EntriesOfAsync(
        ByteString path, Request open, (Request First, Request Probe)? list, Request? download, CancellationToken cancellationToken)
    {
        if (open.Error is not null && open.Error != Errno.EMFILE)
            return new(ErrorOf(_calls.OpenAt, path, open)!);

        if (list is not null && download is null)
            return new(ErrorOf(_calls.GetDents, path, list.Value.First)!);

        if (download is not null && list!.Value.Probe.Result == 0)
            return new(Decode(() => ReplyDecoder.DecodeDirectoryEntries(download.Bytes)));

        // More of it than fits, or too many open at once: it is listed by itself.
        try
        {
            var entries = new List<DirectoryEntry>();
            await foreach (var entry in ListAsync(path, cancellationToken))
                entries.Add(entry);

            return new(entries);
        }
        catch (SysreqException error)
        {
            return new(error);
        }
    }
}
