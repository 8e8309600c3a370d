namespace Kuid.Daemon.Tests;

/// <summary>Sockets that a supervisor listens on and hands over, as sd_listen_fds(3) describes.</summary>
public sealed class SocketActivationSpecs
{
    // Listens on each of the addresses before "--" and becomes what follows it, with the sockets from descriptor 3 on.
    private const string Supervisor = """
        import os, socket, sys
        split = sys.argv.index("--")
        listeners = []
        for address in sys.argv[1:split]:
            if address.isdigit():
                s = socket.socket(socket.AF_INET)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("127.0.0.1", int(address)))
            else:
                s = socket.socket(socket.AF_UNIX)
                s.bind(address)
            s.listen(100)
            listeners.append(os.dup2(s.fileno(), 100 + len(listeners)))
        for i, fd in enumerate(listeners):
            os.dup2(fd, 3 + i)
            os.close(fd)
        os.environ["LISTEN_FDS"] = str(len(listeners))
        if "NAMES" in os.environ:
            os.environ["LISTEN_FDNAMES"] = os.environ["NAMES"]
        os.environ["LISTEN_PID"] = os.environ.get("PRETEND_PID", str(os.getpid()))
        os.execv(sys.argv[split + 1], sys.argv[split + 1:])
        """;

    [Fact]
    public async Task An_inherited_Unix_socket_is_served_and_its_path_stays_at_the_stop()
    {
        SkipWithoutPython();
        using var folder = new TempFolder();
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: Wrapper(folder["given"]));

        (await SockprocClient.Run(folder["given"], "echo up")).Text.Should().Be("up\n");
        (await daemon.Run("echo up")).Text.Should().Be("up\n", "its own address is served too");
        (await SockprocClient.Run(folder["given"], "ls -l /proc/self/fd; env")).Text.Should().NotContain("socket:").And.NotContain("LISTEN_");

        (await daemon.Stop()).Should().Be(0);
        File.Exists(folder["given"]).Should().BeTrue("the path is its giver's");
        File.Exists(daemon.Address).Should().BeFalse();
    }

    [Fact]
    public async Task An_inherited_port_is_served()
    {
        SkipWithoutPython();
        string port = TestDaemon.FreePort();
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: Wrapper(port));

        (await SockprocClient.Run(port, "exit 7")).Status.Should().Be(1792);

        (await daemon.Stop()).Should().Be(0);
    }

    [Fact]
    public async Task Both_can_be_given_without_an_address_of_its_own()
    {
        SkipWithoutPython();
        await using var daemon = new DetachedDaemon();
        string port = TestDaemon.FreePort();
        Task<ToolRun> run = RunSupervised(daemon, [daemon.Folder["given"], port], ["--foreground", "--data", daemon.Folder["data"]]);
        await Eventually.Holds(() => Listens(daemon.Folder["given"]), "the supervisor listens");

        (await SockprocClient.Run(daemon.Folder["given"], "echo unix")).Text.Should().Be("unix\n", "the backlog waits for the daemon");
        (await SockprocClient.Run(port, "echo tcp")).Text.Should().Be("tcp\n");

        await DetachedDaemon.Signal("TERM", daemon.Processes);
        ToolRun ended = await run;
        ended.ExitCode.Should().Be(0);
        ended.Stderr.Should().Contain("listening on inherited descriptor 3").And.Contain("listening on inherited descriptor 4");
        File.Exists(daemon.Folder["given"]).Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_with_the_name_http_is_that_doors(bool tcp)
    {
        SkipWithoutPython();
        await using var daemon = new DetachedDaemon();
        string web = tcp ? TestDaemon.FreePort() : daemon.Folder["web"];
        Task<ToolRun> run = RunSupervised(
            daemon, [daemon.Folder["given"], web], ["--foreground", "--data", daemon.Folder["data"]],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["NAMES"] = "kuid-jobd.socket:http" });
        await Eventually.Holds(() => Listens(daemon.Folder["given"]), "the supervisor listens");

        (await SockprocClient.Run(daemon.Folder["given"], "env")).Text.Should().NotContain("LISTEN_");
        ToolRun curl = await ToolRun.Of("curl", tcp
            ? ["-s", "-o", "/dev/null", "-w", "%{http_code}", $"http://127.0.0.1:{web}/v1/jobs"]
            : ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", web, "http://localhost/v1/jobs"]);
        curl.Text.Should().Be(tcp ? "401" : "200", "a port asks for the token and a Unix socket looks who connects");

        await DetachedDaemon.Signal("TERM", daemon.Processes);
        ToolRun ended = await run;
        ended.ExitCode.Should().Be(0, "of {0}", ended.Stderr);
        ended.Stderr.Should().Contain("listening on inherited descriptor 3").And.Contain("listening on http inherited descriptor 4");
    }

    [Fact]
    public async Task As_many_names_as_sockets_are_needed()
    {
        SkipWithoutPython();
        await using var daemon = new DetachedDaemon();

        ToolRun run = await RunSupervised(
            daemon, [daemon.Folder["given"]], ["--foreground", "--data", daemon.Folder["data"]],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["NAMES"] = "http:more" });

        (run.ExitCode, run.Stderr).Should().Be((2, "kuid-jobd: LISTEN_FDNAMES \"http:more\": allowed: 1 names with colons between them\n"));
    }

    [Fact]
    public async Task Inherited_sockets_need_the_foreground()
    {
        SkipWithoutPython();
        await using var daemon = new DetachedDaemon();

        ToolRun run = await RunSupervised(daemon, [daemon.Folder["given"]], ["--data", daemon.Folder["data"]]);

        run.Should().BeEquivalentTo(new ToolRun(2, [], "kuid-jobd: LISTEN_FDS: inherited sockets need --foreground\n"));
        daemon.Processes.Should().BeEmpty();
    }

    [Fact]
    public async Task Sockets_for_another_process_are_not_taken()
    {
        SkipWithoutPython();
        await using var daemon = new DetachedDaemon();

        ToolRun run = await RunSupervised(
            daemon,
            [daemon.Folder["given"]],
            ["--foreground", "--data", daemon.Folder["data"]],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PRETEND_PID"] = "1" });

        (run.ExitCode, run.Stderr).Should().Be((2, "kuid-jobd: no ADDRESS: give a socket path or a TCP port, or another door (--http-socket, --http, --services, --coprocess-socket); --help explains\n"));
    }

    // A socket has its path from bind on, and takes connections from listen on.
    private static async Task<bool> Listens(string path)
    {
        try
        {
            (await SockprocClient.Connect(path)).Dispose();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string[] Wrapper(params string[] addresses) => ["python3", "-c", Supervisor, .. addresses, "--"];

    private static Task<ToolRun> RunSupervised(
        DetachedDaemon daemon, string[] addresses, string[] words, IReadOnlyDictionary<string, string?>? environment = null) =>
        ToolRun.Of(
            "python3",
            [.. Wrapper(addresses)[1..], Repository.Daemon, .. words],
            environment: environment,
            workingDirectory: daemon.Folder.Path);

    private static void SkipWithoutPython() => Assert.SkipUnless(ToolRun.Exists("python3"), "python3 is not on PATH");
}
