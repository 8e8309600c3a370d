using System.Text;

namespace Kuid.Sysreqd.Tests;

// The read-only profile in the kernel; every number and argument is gone through in daemon-c/tests/sysreqd/look_test.c.
public sealed class LookSpecs : IAsyncLifetime
{
    private const long CurrentDirectory = -100;
    private const long ReadOnly = 0, WriteOnly = 1, Create = 64, Truncate = 512, Temporary = 0x400000;

    private Server? _server;

    private Server Server => _server!;

    private Abi Abi => Server.Abi;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.Start(profile: ["look"]);
        await File.WriteAllTextAsync(Server.Folder["file"], "to be read");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public void Files_are_read()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        long fd = Open(connection, scratch, "file", ReadOnly);
        connection.Call(Abi.Read, fd, scratch, 100).Should().Be(10);

        connection.Download(scratch, 10).Bytes.Should().Equal("to be read"u8.ToArray());
        connection.Call(Abi.Close, fd).Should().Be(0);
    }

    [Fact]
    public void Folders_are_listed()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        long fd = Open(connection, scratch, ".", ReadOnly);
        long size = connection.Call(Abi.Getdents64, fd, scratch, 4096);

        size.Should().BePositive();
        Encoding.UTF8.GetString(connection.Download(scratch, (int)size).Bytes).Should().Contain("file");
    }

    [Theory]
    [InlineData(WriteOnly)]
    [InlineData(2)]
    [InlineData(Create | WriteOnly)]
    [InlineData(Create)]
    [InlineData(Truncate)]
    [InlineData(Temporary)]
    public void Files_are_opened_for_nothing_else(long flags)
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        Open(connection, scratch, "file", flags).Should().Be(Errno.Perm);

        File.ReadAllText(Server.Folder["file"]).Should().Be("to be read");
    }

    [Fact]
    public void Nothing_is_made_removed_run_or_killed()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);
        connection.UploadPath(scratch, Server.Folder["file"]);

        connection.Call(Abi.Unlinkat, CurrentDirectory, scratch, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Mkdirat, CurrentDirectory, scratch, 448).Should().Be(Errno.Perm);
        connection.Call(Abi.Execve, scratch, 0, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Clone, 17, 0, 0, 0, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Kill, Server.Pid, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Socket, 1, 1, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Ptrace, 0, 0, 0, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Dup3, 3, 9, 0).Should().Be(Errno.Perm);
        connection.Call(Abi.Write, 1, scratch, 1).Should().Be(Errno.Perm);
        connection.Call(Abi.Write, 2, scratch, 1).Should().Be(Errno.Perm);
        connection.Call(Abi.Seccomp, 0, 0, 0).Should().Be(Errno.Perm);
        File.Exists(Server.Folder["file"]).Should().BeTrue();
    }

    [Fact]
    public void What_is_new_does_not_exist()
    {
        using Connection connection = Server.Connect();

        connection.Call(Abi.IoUringSetup, 1, 0).Should().Be(Errno.NoCall);
        connection.Call(Abi.Openat2, CurrentDirectory, 0, 0, 24).Should().Be(Errno.NoCall);
    }

    [Fact]
    public void Limits_are_the_own_ones()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        connection.Call(Abi.Prlimit64, 0, 7, 0, scratch).Should().Be(0);
        connection.Call(Abi.Prlimit64, Server.Pid, 7, 0, scratch).Should().Be(Errno.Perm);
    }

    [Fact]
    public void Bad_addresses_do_not_lose_step_here_either()
    {
        using Connection connection = Server.Connect();

        connection.Upload(1, [.. Enumerable.Repeat((byte)'x', 50_000)]).Should().Be(Errno.Fault);
        connection.Download(1, 50_000).Reply.Should().Be(Errno.Fault);
        connection.ServingPid().Should().BePositive();
    }

    // The number of the x32 entry is that of getpid with bit 30; where it is known at all it leads to the same call.
    [Fact]
    public void Another_entry_is_no_way_around()
    {
        Assert.SkipUnless(Abi == Abi.X64, "only x86-64 has the x32 entry");
        using Connection connection = Server.Connect();

        connection.Call(0x40000000 | Abi.Socket, 1, 1, 0).Should().Be(Errno.NoCall);
    }

    private long Open(Connection connection, long scratch, string name, long flags)
    {
        connection.UploadPath(scratch, Server.Folder[name]);
        return connection.Call(Abi.Openat, CurrentDirectory, scratch, flags, 384);
    }
}
