using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Sampling;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How fast much output reaches the client, and how much of it the daemon holds in memory.</summary>
internal sealed class StdoutCase : ICase
{
    private const int Megabytes = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public string Name => "stdout";

    public string What => $"{Megabytes} MB of stdout";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        long idle = Held();
        var growth = new List<double>();
        const long Bytes = Megabytes * 1_000_000;
        string command = string.Create(CultureInfo.InvariantCulture, $"head -c {Bytes} /dev/zero");
        IReadOnlyList<Contender> contenders = SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 1, 7, command, StdoutBytes: Bytes));
        Rounds rounds = await Rounds.RunAsync(bench.Options.Rounds, [.. contenders, new Contender("memory", MeasureMemoryAsync)], cancellation);
        return
        [
            new Row(What, "MB/s", rounds.Of(SockprocDoor.Ours, run => Megabytes * 1000 / run.P50)) { Goal = Goal.AtLeastTimes(1.2) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => Megabytes * 1000 / run.P50), Workbench.NoSockproc),
            new Row($"{What}, most memory of the daemon above idle", "MB", new Series(growth.Skip(1))) { Goal = Goal.AtMostOf(32) },
        ];

        // A run of its own: looking at it costs speed.
        async Task<Figures> MeasureMemoryAsync(CancellationToken cancelled)
        {
            await using var peak = new Peak(Interval, Held);
            Figures figures = await contenders[0].RunAsync(cancelled);
            growth.Add((peak.Highest - idle) / 1e6);
            return figures;
        }

        long Held() => ProcessMemory.Of(daemon.Pid).Resident + ProcessMemory.InDescriptors(daemon.Pid);
    }
}
