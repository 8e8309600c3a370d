namespace Kuid.Daemon.Tests;

/// <summary>Rows 12 and 101: what stands in the socket's place, and how long its path may be.</summary>
public sealed class SocketPathSpecs
{
    private const int Usage = 2;

    [Fact]
    public async Task Row_12_a_regular_file_at_the_path_is_refused_and_intact()
    {
        await using var daemon = new DetachedDaemon();
        await File.WriteAllTextAsync(daemon.Folder["s"], "precious", TestContext.Current.CancellationToken);

        await IsRefused(daemon, "exists and is not a socket; it is left as it is");

        (await File.ReadAllTextAsync(daemon.Folder["s"], TestContext.Current.CancellationToken)).Should().Be("precious");
    }

    [Theory]
    [InlineData("precious")]
    [InlineData(null)]
    public async Task Row_12_a_directory_at_the_path_is_refused_and_intact(string? content)
    {
        await using var daemon = new DetachedDaemon();
        Directory.CreateDirectory(daemon.Folder["s"]);
        if (content is not null)
        {
            await File.WriteAllTextAsync(daemon.Folder["s/f"], content, TestContext.Current.CancellationToken);
        }

        await IsRefused(daemon, "exists and is not a socket; it is left as it is");

        Directory.GetFiles(daemon.Folder["s"]).Should().HaveCount(content is null ? 0 : 1);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("nothing")]
    [InlineData("socket")]
    public async Task Row_12_a_symbolic_link_at_the_path_is_refused_and_intact_wherever_it_points(string target)
    {
        await using var daemon = new DetachedDaemon();
        await using TestDaemon other = await TestDaemon.Start();
        await File.WriteAllTextAsync(daemon.Folder["file"], "precious", TestContext.Current.CancellationToken);
        string to = target == "socket" ? other.Address : daemon.Folder[target];
        File.CreateSymbolicLink(daemon.Folder["s"], to);

        await IsRefused(daemon, "exists and is not a socket; it is left as it is");

        new FileInfo(daemon.Folder["s"]).LinkTarget.Should().Be(to);
        File.Exists(daemon.Folder["nothing"]).Should().BeFalse();
        (await File.ReadAllTextAsync(daemon.Folder["file"], TestContext.Current.CancellationToken)).Should().Be("precious");
        (await other.Run("echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task Row_12_a_symbolic_link_in_place_of_the_pidfile_is_not_followed()
    {
        await using var daemon = new DetachedDaemon();
        await File.WriteAllTextAsync(daemon.Folder["file"], "precious", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(daemon.Pidfile, daemon.Folder["file"]);

        ToolRun run = await daemon.Start(daemon.Folder["s"]);

        (run.ExitCode, run.Stderr).Should().Be(
            (111, $"kuid-jobd: pidfile {daemon.Pidfile}: open {daemon.Pidfile}: ELOOP (Too many levels of symbolic links)\n"));
        (await File.ReadAllTextAsync(daemon.Folder["file"], TestContext.Current.CancellationToken)).Should().Be("precious");
        File.Exists(daemon.Folder["s"]).Should().BeFalse();
    }

    [Fact]
    public async Task Row_101_a_path_of_107_bytes_works()
    {
        await using var daemon = new DetachedDaemon();
        string path = PathOf(107, daemon);

        (await daemon.Start(path)).Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));

        (await SockprocClient.Run(path, "echo up")).Text.Should().Be("up\n");
        await daemon.Stop();
        File.Exists(path).Should().BeFalse();
    }

    [Theory]
    [InlineData(108)]
    [InlineData(300)]
    public async Task Row_101_a_path_of_108_bytes_is_refused_with_both_numbers(int bytes)
    {
        await using var daemon = new DetachedDaemon();
        string path = PathOf(bytes, daemon);

        ToolRun run = await daemon.Start(path);

        run.Should().BeEquivalentTo(new ToolRun(
            Usage, [], $"kuid-jobd: ADDRESS \"{path}\": the path of a Unix socket has at most 107 bytes, {path} has {bytes}\n"));
        daemon.Processes.Should().BeEmpty();
    }

    [Fact]
    public async Task Row_101_bytes_are_counted_and_not_characters()
    {
        await using var daemon = new DetachedDaemon();
        string path = PathOf(106, daemon)[..^1] + "é";
        (await daemon.Start(path)).ExitCode.Should().Be(0);
        (await SockprocClient.Run(path, "echo up")).Text.Should().Be("up\n");
        await daemon.Stop();

        (await daemon.Start(PathOf(107, daemon)[..^1] + "é")).Stderr.Should().Contain("has 108");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("99999999999999999999")]
    public async Task A_port_outside_1_to_65535_is_refused(string port)
    {
        await using var daemon = new DetachedDaemon();

        (await daemon.Start(port)).Should().BeEquivalentTo(
            new ToolRun(Usage, [], $"kuid-jobd: ADDRESS \"{port}\": a TCP port is 1 to 65535\n"));
    }

    // The name is padded below the length that a file name may have.
    private static string PathOf(int bytes, DetachedDaemon daemon)
    {
        string folder = daemon.Folder.Path;
        while (bytes - folder.Length > 200)
        {
            folder = Path.Combine(folder, new string('d', 100));
            Directory.CreateDirectory(folder);
        }

        return Path.Combine(folder, new string('s', bytes - folder.Length - 1));
    }

    private static async Task IsRefused(DetachedDaemon daemon, string why)
    {
        ToolRun run = await daemon.Start(daemon.Folder["s"]);
        run.Should().BeEquivalentTo(new ToolRun(Usage, [], $"kuid-jobd: {daemon.Folder["s"]}: {why}\n"));
        daemon.Processes.Should().BeEmpty();
        File.Exists(daemon.Folder["s.lock"]).Should().BeFalse();
    }
}
