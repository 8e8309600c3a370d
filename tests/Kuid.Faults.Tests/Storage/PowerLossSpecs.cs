using System.Globalization;
using System.Net;
using Kuid.Faults.Tests.FailingCalls;

namespace Kuid.Faults.Tests.Storage;

/// <summary>The power goes while the daemon writes: whatever the disk had not been made to keep is gone.</summary>
/// <remarks>
/// The data folder is an ext4 of its own in a file, and its power goes by the ioctl that file system tests use for it
/// (EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, fs/ext4/ext4.h): from that moment nothing is written, what the page cache and
/// the journal held is dropped, and the next mount finds what had reached the disk. It needs no device mapper, which a small kernel
/// does not have. The marks of what ran are outside, on a disk that loses nothing.
///
/// A 202 counts when the whole of it was heard before the ioctl was called, by the clock that both processes read, and a job has run when
/// its mark was there by then. What comes later nobody hears or sees when the power is gone; here it can be a lie, for an fdatasync that is
/// under way during the ioctl may return 0 for what is not there afterwards, as a program of a few lines finds without any daemon. Such
/// answers are counted, and what became of them, but nothing is demanded of them.
/// </remarks>
public sealed class PowerLossSpecs : IDisposable
{
    private const int FastRounds = 2;
    private const int SoakRounds = 40;

    // Submissions go on in so many places at once, so that the power goes while some are being written and others answered.
    private const int Submitters = 4;

    // Says when the call began, by CLOCK_MONOTONIC, which is Stopwatch's clock too, and how long the file of the marks was then.
    private const string Shutdown =
        "import fcntl, os, struct, sys, time; f = os.open(sys.argv[1], os.O_RDONLY); m = os.path.getsize(sys.argv[2]); t = time.monotonic_ns(); "
        + "fcntl.ioctl(f, 0x8004587d, struct.pack('I', 2)); print(t, m)";

    private readonly TempFolder _folder = new();

    private string Data => _folder["data"];

    private string Image => _folder["image"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Row_3_what_was_acknowledged_before_the_power_went_is_there_when_it_is_back() => Lose(FastRounds);

    [Fact]
    [Trait("Length", "Soak")]
    public Task Row_3_what_was_acknowledged_is_there_however_often_the_power_goes()
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        return Lose(SoakRounds);
    }

    private async Task Lose(int rounds)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a file system and take its power");
        Assert.SkipUnless(ToolRun.Exists("mkfs.ext4"), "mkfs.ext4 is not on PATH (Debian's e2fsprogs has it)");
        Directory.CreateDirectory(Data);
        using (FileStream image = File.Create(Image))
        {
            image.SetLength(64 * 1024 * 1024);
        }

        (await ToolRun.Of("mkfs.ext4", ["-q", Image])).ExitCode.Should().Be(0);
        Assert.SkipUnless(await Mount(), "file systems in files cannot be mounted here: no loop devices");
        try
        {
            Directory.Delete(_folder["data/lost+found"]);
            File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            FuzzPlan plan = FuzzPlan.Of(1);
            var scenario = new Scenario(_folder);
            int late = 0, lateKept = 0;
            List<TimeSpan> nearest = [];
            for (int round = 0; round < rounds; round++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"round {round}, KUID_FUZZ_SEED={plan.Seed}");
                (IReadOnlyCollection<long> forgotten, TimeSpan near) = await RunUntilThePowerGoes(scenario, new Dice(plan.Seed, round));
                await TurnOnAgain();
                await StoreTool.IsSound(_folder["data/history.db"]);
                await using TestDaemon next = await TestDaemon.Start(folder: _folder);
                await scenario.IsKept(next, name);
                nearest.Add(near);
                late += forgotten.Count;
                lateKept += await CountKept(forgotten);
                await next.Stop();
            }

            scenario.Acknowledged.Should().BePositive();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rounds} rounds, {scenario.Acknowledged} jobs acknowledged before the power went, all kept; the last of a round {nearest.Min().TotalMilliseconds:F1} to {nearest.Max().TotalMilliseconds:F1} ms before; {late} heard later, {lateKept} of them kept"));
        }
        finally
        {
            await ToolRun.Of("umount", ["-l", Data]);
        }
    }

    private async Task<(IReadOnlyCollection<long> Forgotten, TimeSpan Nearest)> RunUntilThePowerGoes(Scenario scenario, Dice dice)
    {
        await using TestDaemon daemon = await TestDaemon.Start(folder: _folder);
        using var cut = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, Submitters).Select(_ => Task.Run(async () =>
        {
            while (!cut.IsCancellationRequested)
            {
                await scenario.Run(daemon);
            }
        }))];
        int least = scenario.Acknowledged + 1 + dice.Below(12);
        await Eventually.Holds(() => scenario.Acknowledged >= least, "the load is under way");
        await Task.Delay(dice.Below(50));
        await Eventually.Holds(() => File.Exists(scenario.Marks), "a job has run");
        ToolRun shutdown = await ToolRun.Of("python3", ["-c", Shutdown, Data, scenario.Marks]);
        shutdown.ExitCode.Should().Be(0);
        await daemon.Kill();
        await cut.CancelAsync();
        await Task.WhenAll(load);
        long[] moment = [.. shutdown.Text.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        await scenario.ForgetMarksBeyond(moment[1]);
        return scenario.ForgetSince(moment[0]);
    }

    private async Task<int> CountKept(IEnumerable<long> ids)
    {
        using HttpClient client = HttpDaemon.ClientOf(_folder["data/http.sock"]);
        int kept = 0;
        foreach (long id in ids)
        {
            using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{id}");
            kept += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return kept;
    }

    private async Task<bool> Mount() => (await ToolRun.Of("mount", ["-o", "loop", Image, Data])).ExitCode == 0;

    // What had reached the disk, on another disk: the old one stays in use as long as anybody's copy of the mounts has it.
    private async Task TurnOnAgain()
    {
        (await ToolRun.Of("umount", ["-l", Data])).ExitCode.Should().Be(0);
        (await ToolRun.Of("cp", ["--sparse=always", Image, Image + ".copy"])).ExitCode.Should().Be(0);
        File.Move(Image + ".copy", Image, overwrite: true);
        (await Mount()).Should().BeTrue("ext4 takes its journal up again");
    }
}
