using System.Diagnostics;
using System.Net.Sockets;

namespace Kuid.Sysreqd.Tests.Sockets;

public sealed class UnixSocketSpecs
{
    private const int Starters = 20;

    [Fact]
    public async Task It_is_its_owners_alone()
    {
        await using Server server = await Server.Start();

        File.GetUnixFileMode(server.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    // Between bind and anything later there is no moment: bind itself makes the file with these bits.
    [Fact]
    public async Task It_has_been_from_its_first_moment()
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not installed");
        using var folder = new TempFolder();
        ToolRun run = await ToolRun.Of(
            "strace",
            ["-o", folder["calls"], "-e", "trace=umask,bind,chmod,fchmod,fchmodat,listen", "-e", "inject=listen:error=EIO", Server.Program, folder["s"]]);

        Assert.SkipWhen(run.Stderr.Contains("ptrace", StringComparison.OrdinalIgnoreCase), $"strace may not trace here: {run.Stderr}");
        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Be("kuid-sysreqd: listen: errno 5\n");
        string[] calls = [.. (await File.ReadAllLinesAsync(folder["calls"], TestContext.Current.CancellationToken))
            .Select(line => line.Split('(')[0]).Where(name => char.IsLetter(name[0]))];
        calls.Should().Equal("umask", "bind", "umask", "listen");
    }

    [Fact]
    public async Task A_stale_one_is_replaced()
    {
        using var folder = new TempFolder();
        MakeStale(folder["s"]);

        await using Server server = await StartIn(folder);
        using Connection connection = server.Connect();

        connection.ServingPid().Should().BePositive();
        File.GetUnixFileMode(folder["s"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_living_one_is_refused_and_lives_on()
    {
        await using Server server = await Server.Start();

        ToolRun second = await ToolRun.Of(Server.Program, [server.Path]);

        second.ExitCode.Should().Be(1);
        second.Stderr.Should().Be("kuid-sysreqd: socket is in use\n");
        using Connection connection = server.Connect();
        connection.ServingPid().Should().BePositive();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_no_socket_is_refused_and_left_alone(bool link)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["file"], "precious", TestContext.Current.CancellationToken);
        string path = link ? folder["link"] : folder["file"];
        if (link)
        {
            File.CreateSymbolicLink(path, folder["file"]);
        }

        ToolRun run = await ToolRun.Of(Server.Program, [path]);

        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Be("kuid-sysreqd: path is no socket\n");
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Should().Be("precious");
    }

    [Fact]
    public async Task A_path_of_108_bytes_is_refused()
    {
        using var folder = new TempFolder();

        ToolRun run = await ToolRun.Of(Server.Program, [folder["s"].PadRight(108, 's')]);

        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Be("kuid-sysreqd: path is longer than 107 bytes\n");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        using var folder = new TempFolder();

        ToolRun run = await ToolRun.Of(Server.Program, [folder["no/s"]]);

        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Be("kuid-sysreqd: bind: errno 2\n");
    }

    // Each sees the stale socket, and each that would remove it might remove that of a winner.
    [Fact]
    public async Task Of_many_starts_over_a_stale_one_one_wins()
    {
        using var folder = new TempFolder();
        MakeStale(folder["s"]);
        Process[] starters = [.. Enumerable.Range(0, Starters).Select(_ => Process.Start(
            new ProcessStartInfo(Server.Program, [folder["s"]]) { UseShellExecute = false, RedirectStandardError = true })!)];
        try
        {
            await Eventually.Holds(() => starters.Count(p => p.HasExited) == Starters - 1, "all but one have given up");

            starters.Where(p => p.HasExited).Should().OnlyContain(p => p.ExitCode == 1);
            using var connection = new Connection(new UnixDomainSocketEndPoint(folder["s"]), Abi.OfThisMachine);
            connection.ServingPid().Should().BePositive();
        }
        finally
        {
            foreach (Process starter in starters)
            {
                starter.Kill();
                await starter.WaitForExitAsync(TestContext.Current.CancellationToken);
                starter.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_socket_that_is_another_managers_by_now_is_left()
    {
        await using Server first = await Server.Start();
        File.Delete(first.Path);
        await using Server second = await StartIn(first.Folder);

        await first.Signal("TERM");
        await first.End();

        using Connection connection = second.Connect();
        connection.ServingPid().Should().BePositive();
    }

    private static Task<Server> StartIn(TempFolder folder) =>
        Server.StartOn(folder["s"], new UnixDomainSocketEndPoint(folder["s"]), folder);

    private static void MakeStale(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string other = path + "2";
        socket.Bind(new UnixDomainSocketEndPoint(other));
        // Closing a socket here removes the file of the name that it was bound to.
        File.Move(other, path);
    }
}
