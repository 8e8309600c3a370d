using System.Buffers;
using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    // A piece costs a round trip, so a large file goes in large pieces.
    private const int FirstChunk = 128 * 1024;
    private const int LargestChunk = 1024 * 1024;

    /// <summary>Opens a file (openat) and gives its descriptor in the server.</summary>
    public async Task<int> OpenAsync(ByteString path, OpenFlags flags, int mode = 0x1B6, CancellationToken cancellationToken = default)
    {
        var bits = Client.Architecture.Translate(flags) | OpenCloseOnExec;
        var result = await PathCallAsync(_calls.OpenAt, path, p => [CurrentFolder, p, bits, mode], cancellationToken);
        return DescriptorOf(_calls.OpenAt, result);
    }

    /// <summary>Closes a descriptor.</summary>
    public Task CloseAsync(int descriptor, CancellationToken cancellationToken = default) =>
        CallAsync(_calls.Close, [descriptor], $"{descriptor}", cancellationToken);

    /// <summary>Reads once, at most so many bytes; none is the end of the file.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int descriptor, int limit, CancellationToken cancellationToken = default)
    {
        using var memory = await Client.Scratch.RentAsync(limit, cancellationToken);
        var result = await CallAsync(_calls.Read, [descriptor, memory.Address, limit], $"{descriptor}, {limit}", cancellationToken);
        var count = Count(_calls.Read, result, limit);
        if (count == 0)
            return default;

        var batch = new Batch();
        var download = batch.Download(memory, count);
        await Client.SendAsync(batch, cancellationToken);
        return download.Bytes;
    }

    /// <summary>Writes all the bytes, however many calls that takes.</summary>
    public async Task WriteAsync(int descriptor, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        using var memory = await Client.Scratch.RentAsync(Math.Min(bytes.Length, LargestChunk), cancellationToken);
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(bytes.Length, LargestChunk)];
            var batch = new Batch();
            batch.Upload(memory, chunk);
            var write = batch.Call(_calls.Write, descriptor, memory.Address, chunk.Length);
            await Client.SendAsync(batch, cancellationToken);
            var count = Count(_calls.Write, Check(_calls.Write, $"{descriptor}, {chunk.Length}", write), chunk.Length);
            bytes = bytes[count..];
        }
    }

    /// <summary>Reads a file from its start to its end or to the limit.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadFileAsync(
        ByteString path, int limit = 16 * 1024 * 1024, CancellationToken cancellationToken = default)
    {
        var content = new ArrayBufferWriter<byte>();
        await foreach (var chunk in ReadChunksAsync(path, cancellationToken))
        {
            var wanted = chunk[..Math.Min(chunk.Length, limit - content.WrittenCount)];
            content.Write(wanted.Span);
            if (content.WrittenCount == limit)
                break;
        }

        return content.WrittenMemory;
    }

    /// <summary>Reads a file piece by piece; the next piece is read while this one is on its way.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(
        ByteString path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var descriptor = await OpenAsync(path, OpenFlags.Read | OpenFlags.NoTerminal, 0, cancellationToken);
        try
        {
            // Two halves: one is filled while the other is fetched.
            using var memory = await Client.Scratch.RentAsync(2 * LargestChunk, cancellationToken);
            var (filled, limit) = (0, FirstChunk);
            for (var half = 0; ; half = LargestChunk - half)
            {
                var batch = new Batch();
                var download = filled == 0 ? null : batch.Download(memory, filled, LargestChunk - half);
                var read = batch.Call(_calls.Read, descriptor, memory.AddressOf(half, limit), limit);
                await Client.SendAsync(batch, cancellationToken);
                if (download is not null)
                    yield return download.Bytes;

                filled = Count(_calls.Read, Check(_calls.Read, Quoted(path), read), limit);
                if (filled == 0)
                    yield break;

                limit = filled == limit ? Math.Min(2 * limit, LargestChunk) : limit;
            }
        }
        finally
        {
            // Nobody waits for this: whatever is asked next is executed after it.
            _ = CloseQuietlyAsync([descriptor]);
        }
    }

    /// <summary>Writes a file from pieces: it is made or cut to nothing first, or appended to.</summary>
    public async Task WriteFileAsync(
        ByteString path,
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks,
        bool append = false,
        int mode = 0x1B6,
        CancellationToken cancellationToken = default)
    {
        var flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.NoTerminal | (append ? OpenFlags.Append : OpenFlags.Truncate);
        var descriptor = await OpenAsync(path, flags, mode, cancellationToken);
        var closed = false;
        try
        {
            await foreach (var chunk in ChunkGatherer.GatherAsync(chunks, LargestChunk, cancellationToken))
                await WriteAsync(descriptor, chunk, cancellationToken);

            // Some file systems (NFS, quotas) tell only here that the bytes could not be kept.
            closed = true;
            await CloseAsync(descriptor, CancellationToken.None);
        }
        finally
        {
            if (!closed)
                await CloseQuietlyAsync([descriptor]);
        }
    }

    /// <summary>Changes a file's length (truncate).</summary>
    public Task TruncateAsync(ByteString path, long length, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.Truncate, path, p => [p, length], cancellationToken);

    /// <summary>Closes what is open for reading only, also after a cancellation; a connection that is gone has nothing open.</summary>
    private async Task CloseQuietlyAsync(IReadOnlyList<int> descriptors)
    {
        var batch = new Batch();
        foreach (var descriptor in descriptors)
            batch.Call(_calls.Close, descriptor);

        try
        {
            await Client.SendAsync(batch, CancellationToken.None);
        }
        catch (IOException)
        {
            // The error that ended the connection reaches the caller by the call that met it.
        }
    }
}
