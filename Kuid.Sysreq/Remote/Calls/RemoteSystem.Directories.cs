using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    private const int ListingLength = 32 * 1024;
    private const int LongestPath = 4096;

    /// <summary>The entries of a directory, as they come, <c>.</c> and <c>..</c> among them.</summary>
    public async IAsyncEnumerable<DirectoryEntry> ListAsync(
        ByteString path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        const OpenFlags Flags = OpenFlags.Read | OpenFlags.Directory | OpenFlags.NonBlocking;
        var descriptor = await OpenAsync(path, Flags, 0, cancellationToken);
        try
        {
            using var memory = await Client.Scratch.RentAsync(2 * ListingLength, cancellationToken);
            while (true)
            {
                // Most directories fit into the first half; the second call then says that there is no more, in the same round trip.
                var batch = new Batch();
                var first = batch.Call(_calls.GetDents, descriptor, memory.Address, ListingLength);
                var second = batch.Call(_calls.GetDents, descriptor, memory.AddressOf(ListingLength, ListingLength), ListingLength);
                await Client.SendAsync(batch, cancellationToken);
                var firstLength = Count(_calls.GetDents, Check(_calls.GetDents, Quoted(path), first), ListingLength);
                if (firstLength == 0)
                    yield break;

                var secondLength = Count(_calls.GetDents, Check(_calls.GetDents, Quoted(path), second), ListingLength);
                var transfers = new Batch();
                var firstBytes = transfers.Download(memory, firstLength);
                var secondBytes = transfers.Download(memory, secondLength, ListingLength);
                await Client.SendAsync(transfers, cancellationToken);
                foreach (var entry in Decode(() => ReplyDecoder.DecodeDirectoryEntries(firstBytes.Bytes)))
                    yield return entry;

                foreach (var entry in Decode(() => ReplyDecoder.DecodeDirectoryEntries(secondBytes.Bytes)))
                    yield return entry;

                if (secondLength == 0)
                    yield break;
            }
        }
        finally
        {
            // Nobody waits for this: whatever is asked next is executed after it.
            _ = CloseQuietlyAsync([descriptor]);
        }
    }

    /// <summary>The server's current folder.</summary>
    public async Task<ByteString> WorkingDirectoryAsync(CancellationToken cancellationToken = default)
    {
        using var memory = await Client.Scratch.RentAsync(LongestPath, cancellationToken);
        var result = await CallAsync(_calls.GetCwd, [memory.Address, LongestPath], "", cancellationToken);
        var batch = new Batch();
        var download = batch.Download(memory, Count(_calls.GetCwd, result, LongestPath));
        await Client.SendAsync(batch, cancellationToken);
        return Decode(() => ReplyDecoder.DecodePath(download.Bytes));
    }

    /// <summary>Changes the server's current folder.</summary>
    public Task ChangeDirectoryAsync(ByteString path, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.ChDir, path, p => [p], cancellationToken);

    /// <summary>Changes the server's root; its current folder stays where it was.</summary>
    public async Task ChangeRootAsync(ByteString path, CancellationToken cancellationToken = default)
    {
        await PathCallAsync(_calls.ChRoot, path, p => [p], cancellationToken);
        IsConfined = true;
    }

    /// <summary>Makes a directory.</summary>
    public Task MakeDirectoryAsync(ByteString path, int mode = 0x1FF, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.MkDirAt, path, p => [CurrentFolder, p, mode], cancellationToken);

    /// <summary>Removes a name: a file's, or an empty directory's.</summary>
    public Task UnlinkAsync(ByteString path, bool directory = false, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.UnlinkAt, path, p => [CurrentFolder, p, directory ? RemoveDirectory : 0], cancellationToken);

    /// <summary>Renames, replacing what has the new name.</summary>
    public Task RenameAsync(ByteString from, ByteString to, CancellationToken cancellationToken = default) =>
        TwoPathCallAsync(_calls.RenameAt, from, to, (a, b) => [CurrentFolder, a, CurrentFolder, b, 0], cancellationToken);

    /// <summary>Gives a file another name.</summary>
    public Task LinkAsync(ByteString existing, ByteString path, CancellationToken cancellationToken = default) =>
        TwoPathCallAsync(_calls.LinkAt, existing, path, (a, b) => [CurrentFolder, a, CurrentFolder, b, 0], cancellationToken);

    /// <summary>Makes a symbolic link.</summary>
    public Task SymlinkAsync(ByteString target, ByteString path, CancellationToken cancellationToken = default) =>
        TwoPathCallAsync(_calls.SymlinkAt, target, path, (a, b) => [a, CurrentFolder, b], cancellationToken);

    /// <summary>What a symbolic link points to.</summary>
    public async Task<ByteString> ReadLinkAsync(ByteString path, CancellationToken cancellationToken = default) =>
        (await ReadLinkAllAsync([path], cancellationToken))[0].Value;
}
