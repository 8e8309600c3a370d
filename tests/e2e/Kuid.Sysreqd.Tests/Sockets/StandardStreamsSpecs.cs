using System.Buffers.Binary;

namespace Kuid.Sysreqd.Tests.Sockets;

// `kuid-sysreqd -`: what sshd and the like start.
public sealed class StandardStreamsSpecs
{
    private const int Pipelined = 1, Look = 2, TwoDescriptors = 4;

    private static Abi Abi => Abi.OfThisMachine;

    [Fact]
    public async Task Two_pipes_are_one_connection()
    {
        ToolRun run = await ToolRun.Of(Server.Program, ["-"], Connection.Request(Abi.Close, 999));

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().BeEmpty();
        run.Stdout[14].Should().Be(Pipelined | TwoDescriptors);
        Reply(run, 0).Should().Be(Errno.BadFile);
    }

    [Fact]
    public async Task Uploads_and_downloads_go_through_two_pipes()
    {
        using Piped piped = new();
        long scratch = piped.Call(Abi.Mmap, 0, 4096, 3, 34, -1, 0);

        piped.Send([.. Connection.Request(Abi.Read, 3, scratch, 5), .. "hello"u8]);
        piped.ReceiveReply().Should().Be(5);
        piped.Send(Connection.Request(Abi.Write, 3, scratch, 5));
        piped.Receive(5).Should().Equal("hello"u8.ToArray());
        piped.ReceiveReply().Should().Be(5);
        piped.Send([.. Connection.Request(Abi.Read, 3, 1, 5), .. "hello"u8]);
        piped.ReceiveReply().Should().Be(Errno.Fault);
        piped.Send(Connection.Request(Abi.Write, 3, 1, 100_000));
        piped.Receive(100_000).AsSpan().IndexOfAnyExcept((byte)0).Should().Be(-1);
        piped.ReceiveReply().Should().Be(Errno.Fault);
        await piped.End();
    }

    [Fact]
    public async Task The_profile_is_known_here_too()
    {
        ToolRun run = await ToolRun.Of(Server.Program, ["-", "look"], Connection.Request(Abi.Socket, 1, 1, 0));

        run.Stdout[14].Should().Be(Pipelined | Look | TwoDescriptors);
        Reply(run, 0).Should().Be(Errno.Perm);
    }

    [Fact]
    public async Task A_socket_pair_is_one_descriptor()
    {
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not installed");
        Assert.SkipUnless(KnowsKcmp(), "kcmp is not permitted here, as in some containers, and there they are two");

        ToolRun run = await ToolRun.Of("socat", ["-t60", "-", $"EXEC:{Server.Program} -"], Connection.Request(Abi.Close, 999));

        run.Stdout[14].Should().Be(Pipelined);
        Reply(run, 0).Should().Be(Errno.BadFile);
    }

    // 0 and 1 are /dev/null, 2 is what it was, 3 and 4 are the connection, and that is all.
    [Fact]
    public async Task Nothing_else_is_open()
    {
        using Piped piped = new();

        string[] open = [.. Directory.EnumerateFileSystemEntries($"/proc/{piped.Call(Abi.Getpid)}/fd").Order(StringComparer.Ordinal)];

        open.Select(Path.GetFileName).Should().Equal("0", "1", "2", "3", "4");
        new FileInfo(open[0]).LinkTarget.Should().Be("/dev/null");
        new FileInfo(open[1]).LinkTarget.Should().Be("/dev/null");
        await piped.End();
    }

    private static bool KnowsKcmp()
    {
        using Piped piped = new();
        long pid = piped.Call(Abi.Getpid);
        return piped.Call(Abi.Kcmp, pid, pid, 0, 3, 3) == 0;
    }

    private static long Reply(ToolRun run, int index)
    {
        run.Stdout.Should().HaveCountGreaterThanOrEqualTo(Connection.IdentSize + (Connection.ReplySize * (index + 1)));
        return BinaryPrimitives.ReadInt64LittleEndian(run.Stdout.AsSpan(Connection.IdentSize + (Connection.ReplySize * index)));
    }
}
