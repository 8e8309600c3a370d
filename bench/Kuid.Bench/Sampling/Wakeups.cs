using System.Diagnostics;
using System.Globalization;

namespace Kuid.Bench.Sampling;

/// <summary>How often a process is woken: the context switches of all its threads, voluntary or not (proc(5)).</summary>
internal static class Wakeups
{
    /// <summary>How many there are a second, over so long a time: by the names of the threads, those that woke most first.</summary>
    internal static async Task<IReadOnlyList<(string Thread, double PerSecond)>> WatchAsync(int pid, TimeSpan time, CancellationToken cancellation)
    {
        Dictionary<string, (string Name, long Switches)> before = Switches(pid);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time, cancellation);
        Dictionary<string, (string Name, long Switches)> after = Switches(pid);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // A thread that came meanwhile has all its switches in this time; one that went takes its own with it.
        return [.. after
            .GroupBy(thread => thread.Value.Name, thread => thread.Value.Switches - before.GetValueOrDefault(thread.Key).Switches, StringComparer.Ordinal)
            .Select(threads => (threads.Key, threads.Sum() / seconds))
            .OrderByDescending(threads => threads.Item2)];
    }

    /// <summary>How many threads it has.</summary>
    internal static int Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task").Length;

    private static Dictionary<string, (string Name, long Switches)> Switches(int pid) => Directory.GetDirectories($"/proc/{pid}/task").ToDictionary(
        thread => thread,
        thread => (
            File.ReadAllText(thread + "/comm").Trim(),
            File.ReadLines(thread + "/status")
                .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);
}
