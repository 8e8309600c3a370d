using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

// Calls relative to a directory that is open: whoever renames or replaces what is above it changes nothing for them.
public sealed partial class RemoteSystem
{
    /// <summary>Opens a file of a directory (openat).</summary>
    /// <param name="directory">The descriptor of the directory.</param>
    /// <param name="name">The name in it, or a path that begins there.</param>
    public async Task<int> OpenAtAsync(
        int directory, ByteString name, OpenFlags flags, int mode = 0x1B6, CancellationToken cancellationToken = default)
    {
        var bits = Client.Architecture.Translate(flags) | OpenCloseOnExec;
        var result = await PathCallAsync(_calls.OpenAt, name, p => [directory, p, bits, mode], cancellationToken);
        return DescriptorOf(_calls.OpenAt, result);
    }

    /// <summary>The entries of a directory that is open, from where it was last read, <c>.</c> and <c>..</c> among them. It stays open.</summary>
    public async IAsyncEnumerable<DirectoryEntry> ListAsync(
        int directory, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var memory = await Client.Scratch.RentAsync(ListingLength, cancellationToken);
        while (true)
        {
            var result = await CallAsync(_calls.GetDents, [directory, memory.Address, ListingLength], $"{directory}", cancellationToken);
            var length = Count(_calls.GetDents, result, ListingLength);
            if (length == 0)
                yield break;

            var batch = new Batch();
            var download = batch.Download(memory, length);
            await Client.SendAsync(batch, cancellationToken);
            foreach (var entry in Decode(() => ReplyDecoder.DecodeDirectoryEntries(download.Bytes)))
                yield return entry;
        }
    }

    /// <summary>Removes many names of a directory together; null where it succeeded.</summary>
    /// <param name="directory">The descriptor of the directory.</param>
    /// <param name="directories">Whether they are those of empty directories.</param>
    public async Task<IReadOnlyList<SysreqException?>> UnlinkAllAtAsync(
        int directory, IReadOnlyList<ByteString> names, bool directories = false, CancellationToken cancellationToken = default)
    {
        var flags = directories ? RemoveDirectory : 0;
        var errors = new List<SysreqException?>(names.Count);
        foreach (var group in names.Chunk(GroupSize))
        {
            var (batch, requests, memory) = await BatchOfAsync(_calls.UnlinkAt, group, 0, (p, _) => [directory, p, flags], cancellationToken);
            using (memory)
                await Client.SendAsync(batch, cancellationToken);

            errors.AddRange(requests.Select((request, i) => ErrorOf(_calls.UnlinkAt, group[i], request)));
        }

        return errors;
    }
}
