using System.Diagnostics;
using System.Globalization;
using Kuid.Faults.Tests.Crash;
using Kuid.Faults.Tests.Load;

namespace Kuid.Faults.Tests.Endurance;

/// <summary>
/// Mixed load and one fault after the other for as long as KUID_SOAK_SECONDS says, and nothing that is left of it: descriptors,
/// threads, processes and memory of the daemon are at the end what they were after the first minute, by when each fault has been once.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Length", "Soak")]
public sealed class SoakSpecs
{
    private const int Clients = 5;
    private const int OpenFiles = 1024;

    // The pool's threads and what is loaded late; a leak would be one for each of thousands of requests.
    private const int Slack = 10;
    private const double MemorySlack = 1.2;
    private const string Server = "kuid-sysreqd";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The data folder is a file system of its own that only the daemon and its jobs see. What they write in a minute, by when what is
    // too much is forgotten, has room there: it is to be full only when somebody fills it.
    private static readonly string[] SmallDisk =
    [
        "unshare", "--mount", "sh", "-c", "mkdir -m 700 data && mount -t tmpfs -o size=1g,mode=700 tmpfs data && exec \"$@\"", "sh",
    ];

    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly LoadLedger _ledger = new();
    private readonly List<SoakSample> _samples = [];
    private readonly List<string> _notes = [];

    [Fact]
    public async Task Row_105_Mixed_load_and_random_faults_leave_descriptors_threads_processes_and_memory_as_they_were()
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        int seed = int.TryParse(Environment.GetEnvironmentVariable("KUID_SOAK_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int chosen) ? chosen : 105;
        TimeSpan length = TimeSpan.FromSeconds(Soak.Seconds);
        bool mounts = Environment.IsPrivilegedProcess && (await ToolRun.Of("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])).ExitCode == 0;
        string mark = $"KSOAK={Guid.NewGuid():N}";
        await using LoadedDaemon daemon = await LoadedDaemon.Start(
            ["--concurrency", "8", "--history-output-total-bytes", "67108864"], [.. mounts ? SmallDisk : [], "env", mark, "prlimit", $"--nofile={OpenFiles}"]);
        try
        {
            await SoakAsync(daemon, new Dice((ulong)seed, 0), length, mounts, mark);
            await IsQuiet(daemon, mark);
            HistoryIsWhole(daemon);
            (await daemon.Daemon.Stop()).Should().Be(0);
            daemon.Daemon.Log.Should().NotContain("this is a fault of the daemon");
        }
        finally
        {
            _notes.Add($"KUID_SOAK_SECONDS={length.TotalSeconds} KUID_SOAK_SEED={seed}, {(mounts ? "with" : "without")} a small disk, {_ledger.Accepted.Count} jobs accepted");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', [.. _notes, SoakSample.Heading, .. _samples.Select(sample => sample.ToString()), _ledger.Summary()]));
        }
    }

    // The level is taken when each fault has been once and a minute, or a third of a short soak, is over; both levels between loads.
    private async Task SoakAsync(LoadedDaemon daemon, Dice dice, TimeSpan length, bool mounts, string mark)
    {
        var load = new MixedLoad(daemon, _ledger);
        await load.PrepareAsync();
        var faults = new SoakFaults(daemon, _ledger, mounts);
        TimeSpan warm = TimeSpan.FromSeconds(Math.Min(60, length.TotalSeconds / 3));
        int next = 0;
        List<SoakSample> first = await LoadedAsync(daemon, load, faults, dice, () => _time.Elapsed < warm || next < faults.All.Count, () => faults.All[next++ % faults.All.Count]);
        SoakSample level = await LevelAsync(daemon, "level");
        int servers = Servers(mark);

        // A machine that is slow with the first round has the rest of the time nevertheless.
        TimeSpan over = _time.Elapsed + length - warm;
        List<SoakSample> rest = await LoadedAsync(daemon, load, faults, dice, () => _time.Elapsed < over, () => faults.All[dice.Below(faults.All.Count)]);

        await Eventually.Holds(
            () => ProcessTable.PassingDescriptors(daemon.Daemon.Pid) <= level.Descriptors + Slack && ProcessTable.Threads(daemon.Daemon.Pid) <= level.Threads + Slack,
            () => $"the daemon has about {level.Descriptors} descriptors and {level.Threads} threads again; it has {ProcessTable.PassingDescriptors(daemon.Daemon.Pid)} and {ProcessTable.Threads(daemon.Daemon.Pid)}");
        await Eventually.Holds(() => Servers(mark) <= servers + Clients, () => $"of the server for pipelines are {servers} processes again; there are {Servers(mark)}");
        SoakSample end = await LevelAsync(daemon, "end");
        _notes.Add($"processes of the server for pipelines: {servers}, at the end {Servers(mark)}");
        _ledger.Faults.Should().BeEmpty("the daemon's log ends\n{0}", Tail(daemon.Daemon.Log));
        long before = SoakSample.Median(first.TakeLast((first.Count / 2) + 1), sample => sample.Resident);
        long after = SoakSample.Median(rest.TakeLast((rest.Count / 4) + 1), sample => sample.Resident);
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"RSS under load {before >> 10} KiB after {level.Seconds:F0} s, {after >> 10} KiB at the end; between loads {level.Resident >> 10} KiB and {end.Resident >> 10} KiB"));
        (end.Zombies, end.Children).Should().Be((0, level.Children), "every process has ended and is reaped");
        after.Should().BeLessThan((long)(before * MemorySlack), "memory is within a fifth of what it was");
    }

    private async Task<List<SoakSample>> LoadedAsync(
        LoadedDaemon daemon, MixedLoad load, SoakFaults faults, Dice dice, Func<bool> goesOn, Func<(string Name, Func<Dice, Task> Inject)> next)
    {
        List<SoakSample> samples = [];
        using var stop = new CancellationTokenSource();
        Task clients = load.RunAsync(Clients, (ulong)dice.Below(int.MaxValue), Pause, stop.Token);
        while (goesOn() && _ledger.Faults.IsEmpty)
        {
            (string name, Func<Dice, Task> inject) = next();
            await inject(dice);
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_time.Elapsed.TotalSeconds,6:F1}s {name}"));
            await Task.Delay(Pause * (1 + dice.Below(10)), CancellationToken.None);
            samples.Add(await SoakSample.Of(daemon, _ledger, _time.Elapsed));
            _samples.Add(samples[^1]);
        }

        await stop.CancelAsync();
        await clients;
        return samples;
    }

    private async Task<SoakSample> LevelAsync(LoadedDaemon daemon, string what)
    {
        await Eventually.Holds(() => ProcessTable.Zombies(daemon.Daemon.Pid).Count == 0 && Directory.GetFiles(Path.Combine(daemon.Data, "spool")).Length == 0, "nothing runs any more");
        SoakSample level = await SoakSample.Of(daemon, _ledger, _time.Elapsed);
        _notes.Add($"{what} {level}");
        return level;
    }

    // Every process that jobs have made carries the mark in its environment. The server for pipelines of this machine stays, with a
    // process for each connection that is open.
    private static async Task IsQuiet(LoadedDaemon daemon, string mark)
    {
        await Eventually.Holds(
            () => Jobs(daemon, mark).Length == 0, () => $"no process of a job is left; there is {string.Join(", ", Jobs(daemon, mark).Select(ProcessTable.CommandLine))}");
        Directory.GetFiles(Path.Combine(daemon.Data, "spool")).Should().BeEmpty();
    }

    private static int[] Jobs(LoadedDaemon daemon, string mark) =>
        [.. Marked(mark).Where(pid => pid != daemon.Daemon.Pid && !ProcessTable.CommandLine(pid).Contains(Server, StringComparison.Ordinal))];

    private static int Servers(string mark) => Marked(mark).Count(pid => ProcessTable.CommandLine(pid).Contains(Server, StringComparison.Ordinal));

    private void HistoryIsWhole(LoadedDaemon daemon)
    {
        using var scratch = new TempFolder();
        Dictionary<long, JobTrace> jobs = HistoryCopy.Read(Path.Combine(daemon.Data, "history.db"), scratch.Path);
        _ledger.Accepted.Keys.Where(id => jobs.GetValueOrDefault(id) is not { IsOver: true }).Should().BeEmpty("each job that was accepted is known and over");
        foreach (string file in Directory.GetFiles(Path.Combine(daemon.Data, "output"), "*", SearchOption.AllDirectories))
        {
            jobs.Should().ContainKey(long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture), "{0} belongs to a job", file);
        }
    }

    private static IEnumerable<int> Marked(string mark) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(pid => HasMark(pid, mark) && ProcessTable.IsAlive(pid));

    private static bool HasMark(int pid, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Tail(string log) => log.Length > 3000 ? log[^3000..] : log;
}
