using System.Globalization;
using Kuid.Faults.Tests.FailingCalls;

namespace Kuid.Faults.Tests.Storage;

/// <summary>The power goes while the daemon writes: whatever the disk had not been made to keep is gone.</summary>
/// <remarks>
/// The data folder is an ext4 of its own in a file, and its power goes by the ioctl that file system tests use for it
/// (EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, fs/ext4/ext4.h): from that moment nothing is written, what the page cache and
/// the journal held is dropped, and the next mount finds what had reached the disk. It needs no device mapper, which a small kernel
/// does not have. The marks of what ran are outside, on a disk that loses nothing.
/// </remarks>
public sealed class PowerLossSpecs : IDisposable
{
    private const int FastRounds = 2;
    private const int SoakRounds = 40;

    private const string Shutdown = "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

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
            for (int round = 0; round < rounds; round++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"round {round}, KUID_FUZZ_SEED={plan.Seed}");
                await RunUntilThePowerGoes(scenario, new Dice(plan.Seed, round));
                await TurnOnAgain();
                await StoreTool.IsSound(_folder["data/history.db"]);
                await using TestDaemon next = await TestDaemon.Start(folder: _folder);
                await scenario.IsKept(next, name);
                await next.Stop();
            }

            scenario.Acknowledged.Should().BePositive();
            TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {scenario.Acknowledged} acknowledged jobs");
        }
        finally
        {
            await ToolRun.Of("umount", ["-l", Data]);
        }
    }

    private async Task RunUntilThePowerGoes(Scenario scenario, Dice dice)
    {
        await using TestDaemon daemon = await TestDaemon.Start(folder: _folder);
        using var cut = new CancellationTokenSource();
        Task load = Task.Run(async () =>
        {
            while (!cut.IsCancellationRequested)
            {
                await scenario.Run(daemon);
            }
        });
        int least = scenario.Acknowledged + 1 + dice.Below(12);
        await Eventually.Holds(() => scenario.Acknowledged >= least, "the load is under way");
        await Task.Delay(dice.Below(50));
        IReadOnlyCollection<long> heard = scenario.Promises();
        (await ToolRun.Of("python3", ["-c", Shutdown, Data])).ExitCode.Should().Be(0);
        await daemon.Kill();
        await cut.CancelAsync();
        await load;
        scenario.Believe(heard);
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
