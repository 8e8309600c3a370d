namespace Kuid.TestKit;

/// <summary>The cgroups that a daemon makes for its jobs.</summary>
public static class JobCgroups
{
    /// <summary>The directory of them, as the data folder's note says; null for a daemon that has made none.</summary>
    public static string? RootOf(string dataFolder)
    {
        string note = Path.Combine(dataFolder, "cgroup");
        return File.Exists(note) && File.ReadAllText(note).TrimEnd('\n') is var root && Directory.Exists(root) ? root : null;
    }

    /// <summary>The processes in all of them.</summary>
    public static IReadOnlyList<string> Members(string dataFolder) => RootOf(dataFolder) is { } root
        ? [.. Directory.EnumerateDirectories(root).SelectMany(cgroup => File.ReadAllLines(Path.Combine(cgroup, "cgroup.procs")))]
        : [];

    /// <summary>Kills what a killed daemon has left, and removes what it was in.</summary>
    internal static void Remove(string dataFolder)
    {
        try
        {
            if (RootOf(dataFolder) is { } root)
            {
                File.WriteAllText(Path.Combine(root, "cgroup.kill"), "1");
                foreach (string cgroup in Directory.EnumerateDirectories(root).Append(root))
                {
                    SpinWait.SpinUntil(() => File.ReadAllText(Path.Combine(cgroup, "cgroup.events")).StartsWith("populated 0", StringComparison.Ordinal), 5000);
                    Directory.Delete(cgroup);
                }
            }
        }
        catch (IOException)
        {
            // A cgroup more or less is no reason for a test to fail.
        }
    }
}
