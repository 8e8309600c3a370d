using System.Globalization;
using Kuid.Faults.Tests.Load;

namespace Kuid.Faults.Tests.Endurance;

/// <summary>What a daemon takes at a moment.</summary>
/// <param name="Seconds">Since the beginning.</param>
/// <param name="Resident">Its resident set, bytes.</param>
/// <param name="Heap">Its managed heap, bytes; -1 where <c>/metrics</c> did not answer.</param>
internal sealed record SoakSample(double Seconds, long Resident, long Heap, int Descriptors, int Threads, int Children, int Zombies, int Done, int Refused)
{
    private const double Megabyte = 1 << 20;

    internal const string Heading = "   time     RSS    heap   fds threads children zombies    done refused";

    internal static async Task<SoakSample> Of(LoadedDaemon daemon, LoadLedger ledger, TimeSpan time)
    {
        int pid = daemon.Daemon.Pid;
        return new SoakSample(
            time.TotalSeconds, ProcessTable.ResidentBytes(pid), await HeapOf(daemon), ProcessTable.PassingDescriptors(pid), ProcessTable.Threads(pid),
            ProcessTable.Children(pid).Count, ProcessTable.Zombies(pid).Count, ledger.Done, ledger.Refused);
    }

    /// <summary>The middle one of what some samples have.</summary>
    internal static long Median(IEnumerable<SoakSample> samples, Func<SoakSample, long> value)
    {
        long[] values = [.. samples.Select(value).Order()];
        return values[values.Length / 2];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds,6:F0}s {Resident / Megabyte,6:F1}M {Heap / Megabyte,6:F1}M {Descriptors,5} {Threads,7} {Children,8} {Zombies,7} {Done,7} {Refused,7}");

    private static async Task<long> HeapOf(LoadedDaemon daemon)
    {
        try
        {
            string metrics = await daemon.Http.GetStringAsync("/metrics");
            string? line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith("kuid_gc_heap_bytes ", StringComparison.Ordinal));
            return line is null ? -1 : (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException)
        {
            // A fault keeps connections out just now.
            return -1;
        }
    }
}
