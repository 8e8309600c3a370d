namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>What is known of a file.</summary>
    public Task<FileStatus> StatAsync(ByteString path, bool followLinks = true, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>What is known of many files, in their order.</summary>
    public Task<IReadOnlyList<Outcome<FileStatus>>> StatAllAsync(IReadOnlyList<ByteString> paths, bool followLinks = true, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Changes permissions (fchmodat).</summary>
    public Task ChangeModeAsync(ByteString path, int mode, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Changes owner and group; null leaves one as it is.</summary>
    public Task ChangeOwnerAsync(ByteString path, uint? userId, uint? groupId, bool followLinks = true, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Sets the times of a file (utimensat); null is now, by the remote clock.</summary>
    public Task TouchAsync(ByteString path, UnixTime? accessed = null, UnixTime? modified = null, bool followLinks = true, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Whether the server's real user may do this with a file: an error when not.</summary>
    public Task AccessAsync(ByteString path, AccessMode mode, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>The file system that a path is on.</summary>
    public Task<FileSystemStatus> StatFileSystemAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>The file systems of many paths.</summary>
    public Task<IReadOnlyList<Outcome<FileSystemStatus>>> StatFileSystemAllAsync(IReadOnlyList<ByteString> paths, CancellationToken cancellationToken = default) => throw Soon();
}
