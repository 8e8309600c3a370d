using Kuid.Sysreqd.Tests.Sockets;

namespace Kuid.Sysreqd.Tests;

// The file for the other architecture, in an emulator that has no seccomp, and no CLONE_PARENT: there a child that serves is
// replaced when it ends, which makes as many connections at a time as there are children.
public sealed class Aarch64Specs
{
    private const string Emulator = "qemu-aarch64";

    private static string Program => Repository.File("daemon-c/build/aarch64/kuid-sysreqd");

    [Fact]
    public async Task It_serves_what_is_asked()
    {
        await using Server server = await Start();
        using Connection connection = server.Connect();

        connection.Ident.Should().Equal([.. "kuid-sysreq"u8, 1, 183, 0, 1, 0]);
        long scratch = connection.Allocate(2);
        connection.Upload(scratch, "hello"u8.ToArray()).Should().Be(5);
        connection.Download(scratch, 5).Bytes.Should().Equal("hello"u8.ToArray());
        connection.Call(server.Abi.Uname, scratch).Should().Be(0);
        connection.Download(scratch + (4 * 65), 8).Bytes.Should().Equal("aarch64\0"u8.ToArray());
        connection.Call(server.Abi.Close, 999).Should().Be(Errno.BadFile);
        connection.Call(9999).Should().Be(Errno.NoCall);
    }

    [Fact]
    public async Task Bad_addresses_do_not_lose_step()
    {
        await using Server server = await Start();
        using Connection connection = server.Connect();
        long scratch = connection.Allocate(3);
        connection.Call(server.Abi.Munmap, scratch + 4096, 8192).Should().Be(0);

        foreach (long address in new[] { 1, scratch + 4000, scratch + 4096 })
        {
            connection.Upload(address, [.. Enumerable.Repeat((byte)'x', 5000)]).Should().Be(Errno.Fault);
            connection.Download(address, 5000).Reply.Should().Be(Errno.Fault);
        }

        connection.Call(server.Abi.Read, 3, scratch, -1).Should().Be(Errno.Invalid);
        connection.ServingPid().Should().BePositive();
    }

    [Fact]
    public async Task A_request_that_is_cut_is_not_run()
    {
        await using Server server = await Start();
        using (Connection connection = server.Connect())
        {
            long scratch = connection.Allocate(1);
            connection.UploadPath(scratch, server.Folder["made"]);
            connection.Send(Connection.Request(server.Abi.Mkdirat, -100, scratch, 448)[..^1]);
            connection.EndSending();
            connection.IsAtEnd().Should().BeTrue();
        }

        Directory.Exists(server.Folder["made"]).Should().BeFalse();
    }

    [Fact]
    public async Task Connections_follow_one_another()
    {
        await using Server server = await Start();
        for (int i = 0; i < 3 * Server.PoolSize; i++)
        {
            using Connection connection = server.Connect();
            connection.ServingPid().Should().BePositive();
        }
    }

    [Fact]
    public async Task The_manager_ends_with_everything_that_is_its_own()
    {
        await using Server server = await Start();
        using Connection connection = server.Connect();
        int[] children = [.. server.Children];

        await server.Signal("TERM");

        (await server.End()).ExitCode.Should().Be(0);
        File.Exists(server.Path).Should().BeFalse();
        connection.IsAtEnd().Should().BeTrue();
        await Eventually.Holds(() => !children.Any(ProcessTable.IsAlive), "the children are gone");
    }

    [Fact]
    public async Task Standard_streams_are_a_connection()
    {
        SkipUnlessRunnable();
        using Piped piped = new([Emulator], Program);

        piped.Ident[12].Should().Be(183);
        piped.Call(Abi.Arm64.Close, 999).Should().Be(Errno.BadFile);
        await piped.End();
    }

    // The promise of the profile cannot be kept without the kernel's help, so nothing is promised.
    [Fact]
    public async Task Without_seccomp_the_profile_is_refused_before_the_banner()
    {
        SkipUnlessRunnable();

        ToolRun run = await ToolRun.Of(Emulator, [Program, "-", "look"], Connection.Request(Abi.Arm64.Getpid));

        run.Stdout.Should().BeEmpty();
        run.ExitCode.Should().Be(1);
        run.Stderr.Should().StartWith("kuid-sysreqd: seccomp: errno ");
    }

    private static Task<Server> Start()
    {
        SkipUnlessRunnable();
        return Server.Start([Emulator], Program, abi: Abi.Arm64);
    }

    private static void SkipUnlessRunnable()
    {
        Assert.SkipUnless(Abi.OfThisMachine == Abi.X64, "this machine is aarch64 itself");
        Assert.SkipUnless(File.Exists(Program), "the compiler for aarch64 (gcc-aarch64-linux-gnu) is not installed");
        Assert.SkipUnless(ToolRun.Exists(Emulator), "the emulator (qemu-user) is not installed");
    }
}
