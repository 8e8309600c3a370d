using System.Globalization;

namespace Kuid.TestKit;

/// <summary>What /proc says of a process and its children: the observers of the tests.</summary>
public static class ProcessTable
{
    /// <summary>
    /// Whether the process is there and no zombie. One that was killed may still be on its way out: nobody but its parent can
    /// know when it has gone, so everybody else waits for that.
    /// </summary>
    public static bool IsAlive(int pid) => State(pid) is not (null or 'Z' or 'X');

    /// <summary>Its state letter; null when there is no such process.</summary>
    public static char? State(int pid) => Stat(pid) is { } fields ? fields[0][0] : null;

    /// <summary>How many descriptors it has open.</summary>
    public static int Descriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();

    /// <summary>
    /// How many descriptors it has open but those that it keeps for good once it has needed them: assemblies, the cgroups of jobs
    /// that are over, and the history, which each thread that reads it opens when its turn first comes.
    /// </summary>
    public static int PassingDescriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
        .Count(fd => new FileInfo(fd).LinkTarget is { } target && !target.EndsWith(".dll", StringComparison.Ordinal) && !target.StartsWith("/sys/fs/cgroup/", StringComparison.Ordinal)
            && !target.Contains("/history.db", StringComparison.Ordinal));

    /// <summary>How many threads it has.</summary>
    public static int Threads(int pid) => (int)StatusNumber(pid, "Threads:");

    /// <summary>Its resident set and its shared memory now, in bytes.</summary>
    public static long ResidentBytes(int pid) => StatusNumber(pid, "VmRSS:") * 1024;

    /// <summary>The largest resident set it ever had, in bytes.</summary>
    public static long PeakResidentBytes(int pid) => StatusNumber(pid, "VmHWM:") * 1024;

    /// <summary>The CPU time it has used, in clock ticks of 10 ms.</summary>
    public static long CpuTicks(int pid) => Stat(pid) is { } f ? Number(f[11]) + Number(f[12]) : 0;

    /// <summary>Its children's pids.</summary>
    public static IReadOnlyList<int> Children(int pid) => [.. All().Where(p => Stat(p) is { } f && Number(f[1]) == pid)];

    /// <summary>Its children that are zombies.</summary>
    public static IReadOnlyList<int> Zombies(int pid) => [.. Children(pid).Where(child => State(child) == 'Z')];

    /// <summary>The processes whose command line contains a text, zombies left out.</summary>
    public static IReadOnlyList<int> WithCommandLine(string text) =>
        [.. All().Where(pid => CommandLine(pid).Contains(text, StringComparison.Ordinal) && IsAlive(pid))];

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => name!.All(char.IsAsciiDigit))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    /// <summary>Its words with spaces between them; empty when there is no such process.</summary>
    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline")?.Replace('\0', ' ') ?? string.Empty;

    // pid (comm) state ppid ...: comm may contain anything, so the fields begin after its last parenthesis.
    private static string[]? Stat(int pid)
    {
        string? text = Read($"/proc/{pid}/stat");
        return text?[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long StatusNumber(int pid, string field)
    {
        string line = Read($"/proc/{pid}/status")?.Split('\n').FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"process {pid} has no {field}");
        return Number(line[field.Length..].Trim().Split(' ')[0]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
