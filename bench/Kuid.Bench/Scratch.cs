using System.Globalization;

namespace Kuid.Bench;

/// <summary>A temporary folder on a real disk, for data folders, sockets and logs; it goes with the object.</summary>
internal sealed class Scratch : IDisposable
{
    private int _count;

    /// <param name="parent">Where it is made; null for the first of TMPDIR and /var/tmp that is not memory.</param>
    internal Scratch(string? parent)
    {
        parent ??= new[] { System.IO.Path.GetTempPath(), "/var/tmp" }.FirstOrDefault(folder => !IsMemory(folder)) ?? "/var/tmp";
        Path = Directory.CreateDirectory(System.IO.Path.Combine(
            parent, string.Create(CultureInfo.InvariantCulture, $"kuid-bench-{Environment.ProcessId}"))).FullName;
    }

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>The type of its file system.</summary>
    internal string FileSystem => new DriveInfo(Path).DriveFormat;

    /// <summary>A path in it that nobody has had.</summary>
    internal string NewPath(string name) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _count)}"));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    // A history in memory has no disk to wait for.
    private static bool IsMemory(string folder) => new DriveInfo(folder).DriveFormat is "tmpfs" or "ramfs";
}
