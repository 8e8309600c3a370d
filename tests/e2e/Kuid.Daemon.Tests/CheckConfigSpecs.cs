namespace Kuid.Daemon.Tests;

/// <summary><c>kuid-jobd --check-config</c>: everything that is wrong, with its place, and not a byte on disk is another afterwards.</summary>
public sealed class CheckConfigSpecs : IDisposable
{
    private const int Problems = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_configuration_is_said_to_be_good_and_nothing_is_made()
    {
        Write("c", "grace = 3\n[sockproc]\ndisconnect = kill\n[hosts]\nweb = unix:/run/web\n");

        ToolRun run = await Check(_folder["s"], _folder["pid"], "--config", _folder["c"], "--data", _folder["data"]);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Text = "the configuration is good\n", Stderr = "" });
        Directory.Exists(_folder["data"]).Should().BeFalse();
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_the_file_is_told_with_its_line()
    {
        Write("c", "grace = soon\n\n; fine\nwords\n[sockproc]\ndrian-seconds = 3\ndisconnect = perhaps\n[hosts]\nweb = nonsense\nweb = unix:/x\n");

        ToolRun run = await Check(_folder["s"], "--config", _folder["c"], "--data", _folder["data"]);

        string c = _folder["c"];
        run.ExitCode.Should().Be(Problems);
        run.Text.Should().Be("the configuration has 6 problems\n");
        run.Stderr.Split('\n').Should().SatisfyRespectively(
            line => line.Should().StartWith($"kuid-jobd: {c}:4: \"words\" is neither"),
            line => line.Should().StartWith($"kuid-jobd: {c}:10: \"hosts:web\" was set in line 9"),
            line => line.Should().StartWith($"kuid-jobd: {c}:1: grace \"soon\": allowed: seconds"),
            line => line.Should().StartWith($"kuid-jobd: {c}:6: unknown key \"[sockproc] drian-seconds\""),
            line => line.Should().StartWith($"kuid-jobd: {c}:7: [sockproc] disconnect \"perhaps\": allowed: keep, kill"),
            line => line.Should().StartWith($"kuid-jobd: {c}:9: [hosts] web \"nonsense\": "),
            line => line.Should().BeEmpty());
    }

    [Fact]
    public async Task Options_variables_and_the_file_are_all_looked_at()
    {
        Write("c", "log-format = yaml\n");

        ToolRun run = await ToolRun.Of(
            Repository.Daemon,
            ["--check-config", _folder["s"], "--config", _folder["c"], "--data", _folder["data"], "--grace", "never"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUID_CONCURRENCY"] = "0", ["KUID_NONSENSE"] = "1" });

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Contain($"{_folder["c"]}:1: log-format \"yaml\"").And.Contain("KUID_CONCURRENCY \"0\"").And.Contain("--grace \"never\"")
            .And.Contain("kuid-jobd: warning: the environment variable KUID_NONSENSE is no option");
    }

    [Fact]
    public async Task A_socket_whose_path_is_too_long_or_taken_or_in_no_folder_is_told()
    {
        Write("file", "precious");
        string longest = _folder[new string('x', 107 - _folder.Path.Length - 1)];

        ToolRun run = await Check(
            _folder["file"], "--data", _folder["data"], "--http-socket", longest + "x", "--coprocess-socket", _folder["no/c"], "--services",
            _folder["v"], "--services-registry", _folder["v"]);

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Match(
            $"*ADDRESS: {_folder["file"]} exists and is not a socket\n*--http-socket: the path of a Unix socket has at most 107 bytes*has 108\n"
            + $"*--services-registry: {_folder["v"]} is what --services is too*--coprocess-socket: there is no folder {_folder["no"]}\n");
        (await Check(longest, "--data", _folder["data"])).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Secrets_that_others_can_read_and_tokens_that_are_none_are_told_each()
    {
        await using (TestDaemon once = await TestDaemon.Start(["--http", "127.0.0.1:" + TestDaemon.FreePort()], folder: _folder))
        {
            await once.Stop();
        }

        Directory.CreateDirectory(_folder["data/tokens"]);
        Write("data/tokens/one", "short\nread\n", OwnerOnly);
        Write("data/tokens/two", new string('t', 43) + "\nfly\n", OwnerOnly);
        File.SetUnixFileMode(_folder["data/token"], OwnerOnly | UnixFileMode.GroupRead);

        ToolRun run = await Check(_folder["s"], "--data", _folder["data"]);

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Contain("data/token: others may have read this token").And.Contain("data/tokens/one: ").And.Contain("data/tokens/two: ");
    }

    [Fact]
    public async Task Programs_that_are_not_there_or_cannot_be_executed_are_told()
    {
        Write("text", "no program", OwnerOnly);

        ToolRun run = await Check(
            _folder["s"], "--data", _folder["data"], "--sysreq-server", _folder["missing"], "--coprocess-socket", _folder["c"], "--coprocess-shell", _folder["text"]);

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Contain($"--sysreq-server {_folder["missing"]}: there is no such file").And.Contain($"--coprocess-shell {_folder["text"]}: user ").And.Contain("EACCES");
    }

    [Fact]
    public async Task A_history_of_a_newer_program_and_one_that_is_none_are_told()
    {
        await using (TestDaemon once = await TestDaemon.Start(folder: _folder))
        {
            await once.Stop();
        }

        byte[] history = await File.ReadAllBytesAsync(_folder["data/history.db"], TestContext.Current.CancellationToken);
        history[62] = 99;
        await File.WriteAllBytesAsync(_folder["data/history.db"], history, TestContext.Current.CancellationToken);
        (await Check(_folder["s"], "--data", _folder["data"])).Stderr.Should().Match("kuid-jobd: *history.db: has schema version *a newer one has written it\n");

        Write("data/history.db", new string('x', 200));
        (await Check(_folder["s"], "--data", _folder["data"])).Stderr.Should().Match("kuid-jobd: *history.db: is no database\n");
    }

    [Fact]
    public async Task What_is_in_the_way_of_the_pidfile_the_history_or_the_audit_log_is_told()
    {
        Write("notes", "precious");
        Directory.CreateDirectory(_folder["data"], OwnerOnly | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_folder["data/history.db"]);

        ToolRun run = await Check(_folder["s"], _folder["notes"], "--data", _folder["data"], "--audit-log", _folder["no/audit.log"]);

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Be(
            $"kuid-jobd: pidfile {_folder["notes"]}: exists and is no pidfile\nkuid-jobd: {_folder["data/history.db"]}: is a folder, not a file\n"
            + $"kuid-jobd: --audit-log {_folder["no/audit.log"]}: there is no folder {_folder["no"]}\n");
        (await Check(_folder["s"], "--data", _folder["new"], "--audit-log", _folder.Path)).Stderr.Should().Be($"kuid-jobd: {_folder.Path}: is a folder, not a file\n");

        Write("pid", "12345\n");
        (await Check(_folder["s"], _folder["pid"], "--data", _folder["new"])).ExitCode.Should().Be(0, "a daemon that was killed leaves its pid");
    }

    [Fact]
    public async Task Folders_of_others_and_what_cannot_be_written_to_are_told()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may become another user");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(_folder["data"]);

        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid", "65534", "--regid", "65534", "--clear-groups", Repository.Daemon, "--check-config", _folder["s"], _folder["pid"], "--data", _folder["data"]]);

        run.ExitCode.Should().Be(Problems);
        run.Stderr.Should().Contain($"data folder {_folder["data"]}: belongs to user 0").And.Contain($"ADDRESS: user 65534 cannot write to {_folder.Path}: EACCES")
            .And.Contain($"pidfile {_folder["pid"]}: user 65534 cannot write to {_folder.Path}: EACCES");
    }

    [Fact]
    public async Task Of_what_a_killed_daemon_has_left_nothing_becomes_another_and_nothing_is_wrong()
    {
        await using (TestDaemon daemon = await TestDaemon.Start(folder: _folder))
        {
            await daemon.Run("echo hello");
            (await Check(_folder["s"], "--data", _folder["data"])).ExitCode.Should().Be(0, "a running daemon is in nobody's way");
            await daemon.Kill();
        }

        string before = await Tree();

        ToolRun run = await Check(_folder["s"], "--data", _folder["data"]);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        before.Should().Contain("history.db-wal");
        (await Tree()).Should().Be(before);
    }

    [Fact]
    public async Task Without_ADDRESS_it_is_good_for_inherited_sockets_and_says_so()
    {
        ToolRun run = await Check("--data", _folder["data"]);

        (run.ExitCode, run.Stderr).Should().Be((0, "kuid-jobd: warning: no ADDRESS: it starts only where sockets are inherited (LISTEN_FDS)\n"));
    }

    private static Task<ToolRun> Check(params string[] words) => ToolRun.Of(Repository.Daemon, ["--check-config", .. words]);

    private void Write(string name, string text, UnixFileMode? mode = null)
    {
        File.WriteAllText(_folder[name], text);
        File.SetUnixFileMode(_folder[name], mode ?? (OwnerOnly | UnixFileMode.GroupRead));
    }

    // Every entry with its type, mode, size, inode and times of change, to the nanosecond. When it was read does not count.
    private async Task<string> Tree() => (await ToolRun.Of("find", [_folder.Path, "-printf", "%p %y %m %s %i %T@ %C@\n"])).Text;
}
