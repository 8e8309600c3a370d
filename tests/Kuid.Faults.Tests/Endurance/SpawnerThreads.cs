using System.Globalization;

namespace Kuid.Faults.Tests.Endurance;

/// <summary>
/// The threads of a daemon that start processes, in a pids control group of their own (version 1, where single threads can be moved): a
/// limit there is met by new jobs and by nothing else of the daemon, which would not live without new threads.
/// </summary>
internal sealed class SpawnerThreads : IDisposable
{
    private const string Root = "/sys/fs/cgroup/pids";
    private const string Name = "kuid-spawner";

    private readonly string _home;
    private readonly string _path;

    private SpawnerThreads(string home, string path) => (_home, _path) = (home, path);

    /// <summary>Moves them; null where that cannot be.</summary>
    internal static SpawnerThreads? TryTake(int pid)
    {
        string? own = File.ReadAllLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).FirstOrDefault(parts => parts[1] == "pids")?[2];
        if (own is null || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        try
        {
            string path = Directory.CreateDirectory(Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"kuid-faults-{pid}"))).FullName;
            foreach (string task in Directory.EnumerateDirectories($"/proc/{pid}/task").Where(task => Comm(task) == Name))
            {
                File.WriteAllText(Path.Combine(path, "tasks"), Path.GetFileName(task));
            }

            return new SpawnerThreads(Root + own, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How many processes and threads there may be in the group: 0 for none that is new, null for any number.</summary>
    internal void Limit(int? most) => File.WriteAllText(Path.Combine(_path, "pids.max"), most?.ToString(CultureInfo.InvariantCulture) ?? "max");

    public void Dispose()
    {
        // What they have started is in there too, comes and goes, and starts more.
        for (int attempt = 0; Directory.Exists(_path); attempt++)
        {
            foreach (string task in File.ReadAllLines(Path.Combine(_path, "tasks")))
            {
                Quietly(() => File.WriteAllText(Path.Combine(_home, "tasks"), task));
            }

            if (attempt > 0)
            {
                Thread.Sleep(10);
            }

            Quietly(() => Directory.Delete(_path));
        }
    }

    private static void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (IOException)
        {
            // It has ended since it was listed; or another is there.
        }
    }

    private static string? Comm(string task)
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
}
