namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>The entries of a directory, as they come, <c>.</c> and <c>..</c> among them.</summary>
    public IAsyncEnumerable<DirectoryEntry> ListAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>The server's current folder.</summary>
    public Task<ByteString> WorkingDirectoryAsync(CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Changes the server's current folder.</summary>
    public Task ChangeDirectoryAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Changes the server's root; its current folder stays where it was.</summary>
    public Task ChangeRootAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Makes a directory.</summary>
    public Task MakeDirectoryAsync(ByteString path, int mode = 0x1FF, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Removes a name: a file's, or an empty directory's.</summary>
    public Task UnlinkAsync(ByteString path, bool directory = false, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Removes many names together; null where it succeeded.</summary>
    public Task<IReadOnlyList<SysreqException?>> UnlinkAllAsync(IReadOnlyList<ByteString> paths, bool directory = false, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Renames, replacing what has the new name.</summary>
    public Task RenameAsync(ByteString from, ByteString to, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Gives a file another name.</summary>
    public Task LinkAsync(ByteString existing, ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Makes a symbolic link.</summary>
    public Task SymlinkAsync(ByteString target, ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>What a symbolic link points to.</summary>
    public Task<ByteString> ReadLinkAsync(ByteString path, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>What many symbolic links point to.</summary>
    public Task<IReadOnlyList<Outcome<ByteString>>> ReadLinkAllAsync(IReadOnlyList<ByteString> paths, CancellationToken cancellationToken = default) => throw Soon();
}
