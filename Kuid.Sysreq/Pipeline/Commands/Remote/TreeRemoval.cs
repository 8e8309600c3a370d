using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>Removes a directory with all that is in it, and nothing that is elsewhere.</summary>
/// <remarks>
/// Somebody else may rename directories, and put links in their places, while a tree is removed. So paths are resolved only once:
/// each directory is opened relative to the one above it and never through a link, and its names are removed relative to it. That
/// keeps a descriptor open for each level, which is what bounds the depth. What cannot be removed is reported, and the rest goes on.
/// </remarks>
internal sealed class TreeRemoval(RemoteStage stage, bool force)
{
    /// <summary>The most levels: well within the 1024 descriptors that a process has as a rule.</summary>
    public const int DeepestLevel = 256;

    /// <summary>Openat's word for the current directory (AT_FDCWD).</summary>
    private const int CurrentDirectory = -100;

    private const OpenFlags DirectoryFlags = OpenFlags.Read | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.NonBlocking;

    /// <summary>Removes it.</summary>
    public Task RemoveAsync(ByteString path) => RemoveDirectoryAsync(CurrentDirectory, path, path, level: 1);

    /// <param name="parent">The descriptor of the directory that it is in.</param>
    /// <param name="name">What it is called there.</param>
    /// <param name="path">How it is called in messages.</param>
    private async Task RemoveDirectoryAsync(int parent, ByteString name, ByteString path, int level)
    {
        if (level > DeepestLevel)
        {
            await stage.ReportAsync($"{path}: more than {DeepestLevel} directories deep, and not removed");
            return;
        }

        try
        {
            await using (var directory = await RemoteFile.OpenAtAsync(stage, parent, name, DirectoryFlags))
                await EmptyAsync(directory.Descriptor, path, level);

            var errors = await stage.System.UnlinkAllAtAsync(parent, [name], directories: true, stage.Cancellation);
            if (errors[0] is { } error)
                throw error;
        }
        catch (SysreqException error)
        {
            await ReportAsync(path, error);
        }
    }

    /// <summary>Removes what is in a directory, as much at a time as is removed in one batch.</summary>
    private async Task EmptyAsync(int directory, ByteString path, int level)
    {
        var batch = new List<DirectoryEntry>();
        await foreach (var entry in stage.System.ListAsync(directory, stage.Cancellation))
        {
            if (entry.Name.Span.SequenceEqual("."u8) || entry.Name.Span.SequenceEqual(".."u8))
                continue;

            batch.Add(entry);
            if (batch.Count < RemoteStage.BatchSize)
                continue;

            await RemoveEntriesAsync(directory, path, level, batch);
            batch.Clear();
        }

        await RemoveEntriesAsync(directory, path, level, batch);
    }

    private async Task RemoveEntriesAsync(int directory, ByteString path, int level, List<DirectoryEntry> entries)
    {
        ByteString[] files = [.. entries.Where(entry => entry.Kind != FileKind.Directory).Select(entry => entry.Name)];
        var errors = await stage.System.UnlinkAllAtAsync(directory, files, cancellationToken: stage.Cancellation);
        var directories = entries.Where(entry => entry.Kind == FileKind.Directory).Select(entry => entry.Name).ToList();
        for (var index = 0; index < files.Length; index++)
        {
            // A file system that does not say what is a directory says it now, and so does one where a file has become one.
            if (errors[index] is { } error && error.Error == Errno.EISDIR)
                directories.Add(files[index]);
            else if (errors[index] is { } other)
                await ReportAsync(path.Join(files[index]), other);
        }

        foreach (var name in directories)
            await RemoveDirectoryAsync(directory, name, path.Join(name), level + 1);
    }

    private async Task ReportAsync(ByteString path, SysreqException error)
    {
        if (!force || error.Error != Errno.ENOENT)
            await stage.ReportAsync(path, error);
    }
}
