namespace Kuid.Daemon.Tests;

/// <summary>Command line, environment, configuration file: where a daemon takes its options from.</summary>
public sealed class ConfigurationSpecs
{
    [Fact]
    public async Task KUID_DATA_is_the_data_folder_and_the_command_line_wins_over_it()
    {
        await using var daemon = new DetachedDaemon();
        Dictionary<string, string?> environment = With(("KUID_DATA", daemon.Folder["d"]));
        (await daemon.Launch([daemon.Folder["s"], daemon.Pidfile], environment)).ExitCode.Should().Be(0);
        File.Exists(daemon.Folder["d/jobd.log"]).Should().BeTrue();
        await daemon.Stop();

        (await daemon.Launch([daemon.Folder["s"], daemon.Pidfile, "--data", daemon.Folder["e"]], environment)).ExitCode.Should().Be(0);
        File.Exists(daemon.Folder["e/jobd.log"]).Should().BeTrue();
        await daemon.Stop();
    }

    [Fact]
    public async Task XDG_STATE_HOME_holds_the_default_data_folder()
    {
        await using var daemon = new DetachedDaemon();
        Dictionary<string, string?> environment = With(("XDG_STATE_HOME", daemon.Folder["state"]), ("KUID_DATA", null));

        (await daemon.Launch([daemon.Folder["s"], daemon.Pidfile], environment)).ExitCode.Should().Be(0);

        File.Exists(daemon.Folder["state/kuid/jobd.log"]).Should().BeTrue();
        await daemon.Stop();
    }

    [Fact]
    public async Task KUID_CONFIG_names_the_file_whose_options_the_environment_and_the_command_line_override()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["c"], "grace = 1\nlog-format = json\nlog-level = none\n", TestContext.Current.CancellationToken);
        await using TestDaemon daemon = await TestDaemon.Start(
            ["--log-level", "information"],
            environment: With(("KUID_CONFIG", folder["c"]), ("KUID_LOG_FORMAT", "text"), ("KUID_LOG_LEVEL", "none")));

        await daemon.Stop();

        daemon.Log.Should().Contain("jobs have 1 s to finish", "the file says so").And.NotContain("{", "the environment says text");
    }

    [Fact]
    public async Task Every_option_can_come_from_the_environment()
    {
        await using TestDaemon daemon = await TestDaemon.Start(environment: With(("KUID_SOCKPROC_COMMAND_BYTES", "10"), ("KUID_SOCKET_MODE", "0666")));

        (await daemon.Run("echo 12345678")).Error.Should().Contain("longer than 10 bytes");
        File.GetUnixFileMode(daemon.Address).Should().HaveFlag(UnixFileMode.OtherWrite);
    }

    [Fact]
    public async Task An_unknown_KUID_variable_is_a_warning_and_the_clients_variable_is_none()
    {
        await using TestDaemon daemon = await TestDaemon.Start(environment: With(("KUID_GARCE", "3"), ("KUID_SOCKET", "/elsewhere")));

        await daemon.Stop();

        daemon.Log.Should().Contain("warn").And.Contain("the environment variable KUID_GARCE is no option and has no effect")
            .And.NotContain("KUID_SOCKET is no option").And.NotContain("KUID_LAUNCH_NOFILE is no option");
    }

    [Fact]
    public async Task An_unknown_KUID_variable_is_a_warning_in_the_log_file_too()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Launch([daemon.Folder["s"], daemon.Pidfile, "--data", daemon.Folder["data"]], With(("KUID_GARCE", "3")));
        await daemon.Stop();

        daemon.Log.Should().Contain("KUID_GARCE is no option").And.NotContain("KUID_DETACHED is no option");
    }

    [Fact]
    public async Task A_bad_value_in_the_environment_is_quoted_with_its_variable()
    {
        await using var daemon = new DetachedDaemon();

        ToolRun run = await daemon.Launch([daemon.Folder["s"], "--data", daemon.Folder["data"]], With(("KUID_GRACE", "soon")));

        run.Should().BeEquivalentTo(new ToolRun(2, [], "kuid-jobd: KUID_GRACE \"soon\": allowed: seconds from 0 to 1000000\n"));
    }

    [Theory]
    [InlineData("--grcae=3")]
    [InlineData("--grace")]
    public async Task A_wrong_word_on_the_command_line_is_quoted_and_the_exit_code_is_2(string word)
    {
        await using var daemon = new DetachedDaemon();

        ToolRun run = await daemon.Launch([daemon.Folder["s"], daemon.Pidfile, "--data", daemon.Folder["data"], word]);

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().StartWith("kuid-jobd: ").And.Contain(word);
        daemon.Processes.Should().BeEmpty();
        Directory.GetFileSystemEntries(daemon.Folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task The_file_can_hold_the_address_and_foreground()
    {
        await using var daemon = new DetachedDaemon();
        string text = $"address = {daemon.Folder["s"]}\npidfile = {daemon.Pidfile}\nforeground = no\ndata = {daemon.Folder["data"]}\n";
        await File.WriteAllTextAsync(daemon.Folder["c"], text, TestContext.Current.CancellationToken);

        (await daemon.Launch(["--config", daemon.Folder["c"]])).Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));

        (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
        await daemon.Stop();
    }

    private static Dictionary<string, string?> With(params (string Name, string? Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
