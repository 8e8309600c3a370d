using System.Diagnostics;
using System.Globalization;

namespace Kuid.Bench.Sampling;

/// <summary>How often a process is woken: the context switches of all its threads, voluntary or not (proc(5)).</summary>
internal static class Wakeups
{
    /// <summary>How many there are a second, over so long a time.</summary>
    internal static async Task<double> PerSecondAsync(int pid, TimeSpan time, CancellationToken cancellation)
    {
        Dictionary<string, long> before = Switches(pid);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time, cancellation);
        Dictionary<string, long> after = Switches(pid);

        // A thread that came meanwhile has all its switches in this time; one that went takes its own with it.
        return after.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>How many threads it has.</summary>
    internal static int Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task").Length;

    private static Dictionary<string, long> Switches(int pid) => Directory.GetDirectories($"/proc/{pid}/task").ToDictionary(
        thread => thread,
        thread => File.ReadLines(thread + "/status")
            .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)),
        StringComparer.Ordinal);
}
