using System.Globalization;

namespace Kuid.Jobd.Core.Tests.Processes;

/// <summary>
/// A pids control group (version 1, where single threads can be moved): it limits what the threads in it may clone, and
/// nothing else of the process.
/// </summary>
internal sealed class PidsGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup/pids";
    private readonly string _path;
    private readonly string _home;

    private PidsGroup(string path, string home)
    {
        _path = path;
        _home = home;
    }

    /// <summary>A new group, or null where that cannot be.</summary>
    internal static PidsGroup? TryCreate()
    {
        string? own = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3))
            .FirstOrDefault(parts => parts[1] == "pids")?[2];
        string path = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"kuid-{Environment.ProcessId}"));
        try
        {
            return own is null ? null : new PidsGroup(Directory.CreateDirectory(path).FullName, Root + own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal void AddThreadsNamed(string name)
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            if (NameOf(task) == name)
            {
                File.WriteAllText(Path.Combine(_path, "tasks"), Path.GetFileName(task));
            }
        }
    }

    // A thread of the runtime may have ended since it was listed.
    private static string? NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal void Limit(int? processes) =>
        File.WriteAllText(Path.Combine(_path, "pids.max"), processes?.ToString(CultureInfo.InvariantCulture) ?? "max");

    internal void ReleaseThreads()
    {
        foreach (string thread in File.ReadAllLines(Path.Combine(_path, "tasks")))
        {
            File.WriteAllText(Path.Combine(_home, "tasks"), thread);
        }
    }

    public void Dispose()
    {
        ReleaseThreads();
        Directory.Delete(_path);
    }
}
