using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// Where output lies while a job has it: in memory as long as there is memory for it, then in unnamed files.
/// </summary>
/// <param name="directory">The folder for the files, on a disk rather than a tmpfs.</param>
/// <param name="memoryPerStream">How many bytes one stream may hold in memory.</param>
/// <param name="memoryInAll">How many bytes all streams together may hold in memory.</param>
public sealed class SpoolSpace(string directory, int memoryPerStream = 128 * 1024, long memoryInAll = 16 * 1024 * 1024)
{
    private const string NamePrefix = "kuid-output-";

    private long _memoryLeft = memoryInAll;

    /// <summary>How many bytes one stream may hold in memory.</summary>
    internal int MemoryPerStream { get; } = memoryPerStream;

    /// <summary>Creates the folder, mode 0700, and removes what a killed daemon may have left in it.</summary>
    public void Prepare()
    {
        Create();
        foreach (string leftover in Directory.EnumerateFiles(directory, NamePrefix + "*"))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>Takes from the common memory; what is taken is given back with <see cref="ReturnMemory"/>.</summary>
    internal bool TryTakeMemory(int bytes)
    {
        if (Interlocked.Add(ref _memoryLeft, -bytes) >= 0)
        {
            return true;
        }

        ReturnMemory(bytes);
        return false;
    }

    /// <summary>Whether there is so much of the common memory now; another may take it.</summary>
    internal bool HasMemory(int bytes) => Interlocked.Read(ref _memoryLeft) >= bytes;

    internal void ReturnMemory(int bytes) => Interlocked.Add(ref _memoryLeft, bytes);

    /// <summary>A new file that nobody else can open.</summary>
    /// <exception cref="IOException">No space, no descriptors.</exception>
    internal SpoolFile OpenFile()
    {
        if (!Directory.Exists(directory))
        {
            // Somebody tidied up. The jobs that run have their files still; the next ones get a new folder.
            Create();
        }

        if (LibcFiles.OpenUnnamed(directory) is { } unnamed)
        {
            return new SpoolFile(unnamed);
        }

        // File systems without O_TMPFILE (NFS, old overlayfs): a killed daemon's leftovers go at the next start.
        string path = Path.Combine(directory, NamePrefix + Path.GetRandomFileName());
        return new SpoolFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path);
    }

    // The mode is set apart from the creation, which the umask has a part in.
    private void Create()
    {
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
