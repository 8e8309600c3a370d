using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Bench.Sampling;

/// <summary>The memory of a process at one moment, in bytes, as /proc/PID/status counts it (proc(5)).</summary>
/// <param name="Anonymous">Its own: RssAnon.</param>
/// <param name="Files">Of files that it has mapped, its program among them: RssFile.</param>
/// <param name="Shared">Shared memory that it has mapped: RssShmem.</param>
internal readonly record struct ProcessMemory(long Anonymous, long Files, long Shared)
{
    // In /dev are devices, which have no size.
    private static readonly string[] MemoryFolders = [.. File.ReadLines("/proc/self/mounts")
        .Select(line => line.Split(' '))
        .Where(fields => fields[2] is "tmpfs" or "ramfs" && fields[1] != "/dev")
        .Select(fields => fields[1] + "/")];

    /// <summary>What is resident: VmRSS.</summary>
    internal long Resident => Anonymous + Files + Shared;

    /// <summary>What nobody else has a part in.</summary>
    internal long Private => Anonymous + Shared;

    internal static ProcessMemory Of(int pid)
    {
        ILookup<string, string> lines = File.ReadLines($"/proc/{pid}/status").Select(line => line.Split(':')).ToLookup(
            pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new ProcessMemory(Bytes("RssAnon"), Bytes("RssFile"), Bytes("RssShmem"));

        long Bytes(string name) => 1024 * long.Parse(lines[name].First().Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    /// <summary>How large the files in memory (memfd, tmpfs) are that it holds open, mapped or not.</summary>
    internal static long InDescriptors(int pid)
    {
        long bytes = 0;
        foreach (string path in Directory.EnumerateFiles($"/proc/{pid}/fd"))
        {
            try
            {
                if (new FileInfo(path).LinkTarget is { } target && IsInMemory(target))
                {
                    using SafeFileHandle file = File.OpenHandle(path);
                    bytes += RandomAccess.GetLength(file);
                }
            }
            catch (IOException)
            {
                // It was closed meanwhile.
            }
        }

        return bytes;
    }

    private static bool IsInMemory(string target) =>
        target.StartsWith("/memfd:", StringComparison.Ordinal)
        || MemoryFolders.Any(folder => target.StartsWith(folder, StringComparison.Ordinal));
}
