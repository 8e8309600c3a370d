namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>Opens a file (openat) and gives its descriptor in the server.</summary>
    public Task<int> OpenAsync(ByteString path, OpenFlags flags, int mode = 0x1B6, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Closes a descriptor.</summary>
    public Task CloseAsync(int descriptor, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Reads once, at most so many bytes; none is the end of the file.</summary>
    public Task<ReadOnlyMemory<byte>> ReadAsync(int descriptor, int limit, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Writes all the bytes, however many calls that takes.</summary>
    public Task WriteAsync(int descriptor, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Reads a file from its start to its end or to the limit.</summary>
    public Task<ReadOnlyMemory<byte>> ReadFileAsync(ByteString path, int limit = 16 * 1024 * 1024, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Reads many files in as few round trips as possible, in their order; one that fails is an item with an error.</summary>
    public IAsyncEnumerable<FileContent> ReadFilesAsync(IReadOnlyList<ByteString> paths, int limitEach = 64 * 1024, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Reads a file piece by piece.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Writes a file from pieces: it is made or cut to nothing first, or appended to.</summary>
    public Task WriteFileAsync(ByteString path, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, bool append = false, int mode = 0x1B6, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Changes a file's length (truncate).</summary>
    public Task TruncateAsync(ByteString path, long length, CancellationToken cancellationToken = default) => throw Soon();
}
