using System.Globalization;

namespace Kuid.Services.Tests;

/// <summary>Two users and one superserver, with two real user ids.</summary>
public sealed class OwnerSpecs
{
    private const int Ann = 61_001;
    private const int Bob = 61_002;
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
    private const string NotRoot = "only root may become another user";

    [Fact]
    public async Task Programs_run_as_those_who_offer_them_and_nobody_takes_anothers_name()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NotRoot);
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, Everybody);
        await using ServicesDaemon daemon = await ServicesDaemon.Start(
            ["--services-registry", folder["registry"], "--services-registry-mode", "0666"], folder: folder);
        string program = AdvertiseCommand.Program(folder, "who", "#!/bin/sh\nid -u\n");
        await using AdvertiseCommand ann = AdvertiseCommand.Start(folder, folder["registry"], $"[ann]\npath = {program}\n", user: Ann);
        await ann.Says("ann is offered");
        await using AdvertiseCommand bob = AdvertiseCommand.Start(folder, folder["registry"], $"[bob]\npath = {program}\n[ann]\npath = {program}\n", user: Bob);
        await bob.Says("bob is offered");
        await bob.Says($"ann is offered by the user with the id {Ann}");

        (await daemon.Call("ann\n\n\n")).Should().Be($"{Ann}\n");
        (await daemon.Call("bob\n\n\n")).Should().Be($"{Bob}\n");

        await ann.Signal("KILL");
        await bob.Says("ann is offered\n");
        (await daemon.Call("ann\n\n\n")).Should().Be($"{Bob}\n");
    }

    [Fact]
    public async Task A_killed_superserver_is_started_again_by_one_of_the_two_and_both_come_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NotRoot);
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, Everybody);
        string program = AdvertiseCommand.Program(folder, "who", "#!/bin/sh\nid -u\n");

        // A port is whoever's is first; the lock of a Unix socket is its user's.
        string port = TestDaemon.FreePort();
        await using AdvertiseCommand ann = AdvertiseCommand.Start(folder, folder["registry"], $"[ann]\npath = {program}\n", Command(folder, port, Ann), Ann);
        await using AdvertiseCommand bob = AdvertiseCommand.Start(folder, folder["registry"], $"[bob]\npath = {program}\n", Command(folder, port, Bob), Bob);
        try
        {
            for (int generation = 1; generation <= 3; generation++)
            {
                await Offered(ann, "ann", generation);
                await Offered(bob, "bob", generation);
                int superserver = Superservers(folder).Should().ContainSingle("one of the two has started it, whatever the other wanted").Which;
                (await Call(port, "ann")).Should().Be($"{Ann}\n");
                (await Call(port, "bob")).Should().Be($"{Bob}\n");
                if (generation < 3)
                {
                    await Kill(superserver);
                }
            }
        }
        finally
        {
            await ann.DisposeAsync();
            await bob.DisposeAsync();
            foreach (int superserver in Superservers(folder))
            {
                await Kill(superserver);
            }
        }
    }

    private static string Command(TempFolder folder, string port, int user) => string.Create(
        CultureInfo.InvariantCulture,
        $"exec {Repository.Daemon} --foreground --data {folder.Path}/data-{user} --services {port} --services-registry {folder["registry"]} --services-registry-mode 0666");

    private static Task Offered(AdvertiseCommand subserver, string name, int times) => Eventually.Holds(
        () => subserver.Talk.Split($"{name} is offered\n").Length - 1 == times, () => $"{name} is offered for the {times}. time; it said\n{subserver.Talk}");

    private static async Task<string> Call(string port, string service) =>
        (await ToolRun.Of(Repository.File("bin/kuid"), ["call", "--services", port, service])).Text;

    // The subservers have the same words on their command lines, as a line of sh.
    private static int[] Superservers(TempFolder folder) =>
        [.. ProcessTable.WithCommandLine(folder["registry"]).Where(pid => !ProcessTable.CommandLine(pid).Contains("advertise", StringComparison.Ordinal))];

    private static async Task Kill(int pid)
    {
        await ToolRun.Of("kill", ["-KILL", pid.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the superserver is dead");
    }
}
