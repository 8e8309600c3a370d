using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Start;

/// <summary>The real program, for what only it can show: help, version, and how a start fails.</summary>
public sealed class ProgramSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Help_names_every_option_and_argument_with_its_description()
    {
        ToolRun run = await Daemon("--help");
        run.ExitCode.Should().Be(0);

        // Lines are folded to the width of a terminal.
        string help = string.Join(' ', run.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (OptionDefinition option in OptionTable.All)
        {
            bool argument = option.Name is OptionTable.Address or OptionTable.Pidfile;
            help.Should().Contain(argument ? option.Argument : "--" + option.Name).And.Contain(option.Help);
        }
    }

    [Fact]
    public async Task Version_prints_the_version()
    {
        ToolRun run = await Daemon("--version");
        run.ExitCode.Should().Be(0);
        run.Text.Trim().Should().Be(Program.Version).And.MatchRegex(@"^\d+\.\d+\.\d+$");
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--Foreground")]
    [InlineData("s", "--no-such-option")]
    [InlineData("s", "pid", "--no-such-option")]
    [InlineData("three", "words", "here")]
    [InlineData("--grace")]
    public async Task Wrong_words_end_with_2_and_a_line_that_quotes_them(params string[] words)
    {
        // If the words were taken after all, the daemon would end at a data folder that is none.
        await File.WriteAllTextAsync(_folder["none"], string.Empty, TestContext.Current.CancellationToken);
        ToolRun run = await Daemon(["--data", _folder["none"], .. words]);
        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Stdout.Should().BeEmpty();
        run.Stderr.Should().StartWith("kuid-jobd: ").And.Contain(words[^1]).And.Contain("Usage: kuid-jobd");
    }

    [Fact]
    public async Task An_option_without_its_value_is_told_with_what_it_takes()
    {
        ToolRun run = await Daemon([.. Data, "--grace"]);
        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Stderr.Should().StartWith("kuid-jobd: --grace: its value is missing: --grace <SECONDS>. How long jobs may go on");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_ADDRESS_ends_with_2_in_the_foreground_and_without(bool foreground)
    {
        ToolRun run = await Daemon([.. Data, .. foreground ? ["--foreground"] : Array.Empty<string>()]);
        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Stderr.Should().Be("kuid-jobd: no ADDRESS: give a socket path or a TCP port, or another door (--http-socket, --http, --services, --coprocess-socket); --help explains\n");
    }

    [Theory]
    [InlineData("70000", "1 to 65535")]
    [InlineData("", "a value is missing")]
    public async Task An_ADDRESS_that_is_none_ends_with_2_and_what_is_allowed(string address, string allowed)
    {
        ToolRun run = await Daemon([address, "--foreground", .. Data]);
        run.ExitCode.Should().Be(ExitCode.Usage);
        OneLine(run).Should().Contain($"ADDRESS \"{address}\"").And.Contain(allowed);
    }

    [Fact]
    public async Task A_port_in_use_ends_with_111_and_names_port_and_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        ToolRun run = await Daemon([port, "--foreground", .. Data]);
        run.ExitCode.Should().Be(ExitCode.System);
        OneLine(run).Should().Contain(port).And.Contain("EADDRINUSE");
    }

    [Theory]
    [InlineData("--config", "", "--config \"\"")]
    [InlineData("--config", "/nowhere/kuid.ini", "--config /nowhere/kuid.ini")]
    [InlineData("--socket-mode", "rwx", "--socket-mode \"rwx\"")]
    public async Task A_value_that_is_not_allowed_ends_with_2_and_one_line(string option, string value, string named)
    {
        ToolRun run = await Daemon([_folder["s"], "--foreground", .. Data, option, value]);
        run.ExitCode.Should().Be(ExitCode.Usage);
        OneLine(run).Should().Contain(named);
    }

    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_a_path_and_no_file_of_words()
    {
        await File.WriteAllTextAsync(_folder["words"], "--version", TestContext.Current.CancellationToken);
        ToolRun run = await Daemon(["@words", _folder["no/pid"], "--foreground", .. Data]);
        OneLine(run).Should().Contain("pidfile").And.NotContain(Program.Version);
    }

    [Fact]
    public async Task A_relative_configuration_file_is_found_again_when_the_daemon_has_left_for_the_root_folder()
    {
        await File.WriteAllTextAsync(_folder["kuid.ini"], "log-level = debug\n", TestContext.Current.CancellationToken);
        ToolRun run = await Daemon([_folder["s"], _folder["pid"], "--config", "kuid.ini", .. Data]);
        run.ExitCode.Should().Be(0, run.Stderr);
        string pid = await File.ReadAllTextAsync(_folder["pid"], TestContext.Current.CancellationToken);
        try
        {
            string log = _folder["data/jobd.log"];
            await ToolRun.Of("kill", ["-HUP", pid]);
            await Eventually.Holds(() => File.ReadAllText(log).Contains("SIGHUP: ", StringComparison.Ordinal), "the daemon has heard SIGHUP");
            (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Should().Contain("SIGHUP: configuration read again");
        }
        finally
        {
            await ToolRun.Of("kill", ["-TERM", pid]);
            await Eventually.Holds(() => !ProcessTable.IsAlive(int.Parse(pid, CultureInfo.InvariantCulture)), "the daemon has stopped");
        }
    }

    public void Dispose() => _folder.Dispose();

    private string[] Data => ["--data", _folder["data"]];

    // The variables of who runs the tests, the fuzzing's for one, have no say in what the program prints.
    private static Dictionary<string, string?> NoVariables { get; } = Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith(OptionTable.VariablePrefix, StringComparison.Ordinal))
        .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);

    private Task<ToolRun> Daemon(params string[] words) =>
        ToolRun.Of(Repository.Daemon, words, environment: NoVariables, workingDirectory: _folder.Path);

    private static string OneLine(ToolRun run)
    {
        run.Stderr.TrimEnd('\n').Should().StartWith("kuid-jobd: ").And.NotContain("\n");
        return run.Stderr;
    }
}
