using System.Globalization;
using System.Text.RegularExpressions;

namespace Kuid.Daemon.Tests;

/// <summary>The units of deploy/: systemd understands every line, and they agree with the daemon about its exit codes and times.</summary>
public sealed class DeploySpecs : IDisposable
{
    private const string Installed = "/usr/lib/kuid/bin/kuid-jobd";
    private const double HighestExposure = 3.5;

    private static readonly string[] Units = ["kuid-jobd.service", "kuid-jobd.socket", "kuid-jobd-http.socket"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_units()
    {
        SkipWithoutSystemd();
        foreach (string unit in Units)
        {
            // The program has to be there to be looked at.
            await File.WriteAllTextAsync(_folder[unit], Text(unit).Replace(Installed, Repository.Daemon), TestContext.Current.CancellationToken);
        }

        ToolRun run = await ToolRun.Of("systemd-analyze", ["verify", "--man=no", .. Units.Select(unit => _folder[unit])]);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "", Text = "" });
    }

    [Fact]
    public async Task The_service_is_as_closed_as_it_can_be_while_jobs_run_in_it()
    {
        SkipWithoutSystemd();
        ToolRun run = await ToolRun.Of("systemd-analyze", ["security", "--offline=yes", "--no-pager", Repository.File("deploy/kuid-jobd.service")]);

        Match level = Regex.Match(run.Text, @"exposure level for kuid-jobd\.service: (?<level>[0-9.]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        double.Parse(level.Groups["level"].Value, CultureInfo.InvariantCulture).Should().BeLessThanOrEqualTo(HighestExposure, "{0}", run.Text);
    }

    [Fact]
    public async Task Row_14_a_failure_that_will_come_again_is_not_tried_again_by_the_unit()
    {
        using var folder = new TempFolder();
        int usage = (await ToolRun.Of(Repository.Daemon, ["--foreground", "--data", folder["data"], "--grace", "soon", folder["s"]])).ExitCode;
        await using TestDaemon first = await TestDaemon.Start();
        int running = (await ToolRun.Of(Repository.Daemon, ["--foreground", "--data", first.Folder["data"], folder["s"]])).ExitCode;

        Setting("RestartPreventExitStatus").Split(' ').Should().BeEquivalentTo([$"{usage}", $"{running}"]);
        Setting("Restart").Should().Be("on-failure");
        Setting("RestartSec").Should().Be("1s");
        Setting("StartLimitBurst").Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_unit_waits_longer_than_the_daemon_takes_by_default()
    {
        ToolRun help = await ToolRun.Of(Repository.Daemon, ["--help"]);
        Match grace = Regex.Match(help.Text, @"--grace[^\n]*\n?[^\n]*Default: (?<seconds>[0-9]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

        int.Parse(Setting("TimeoutStopSec").TrimEnd('s'), CultureInfo.InvariantCulture)
            .Should().BeGreaterThan(int.Parse(grace.Groups["seconds"].Value, CultureInfo.InvariantCulture) + 20);
    }

    [Theory]
    [InlineData("Type", "notify")]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("PrivateTmp", "yes")]
    [InlineData("UMask", "0077")]
    [InlineData("Delegate", "yes")]
    [InlineData("OOMPolicy", "continue")]
    [InlineData("KillMode", "mixed")]
    public void The_unit_says_what_the_design_wants(string name, string value) => Setting(name).Should().Be(value);

    [Fact]
    public void The_unit_does_not_forbid_what_the_runtime_does() => Text(Units[0]).Should().NotContain("MemoryDenyWriteExecute=");

    private static string Setting(string name) =>
        Text(Units[0]).Split('\n').Single(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string Text(string unit) => File.ReadAllText(Repository.File("deploy/" + unit));

    private static void SkipWithoutSystemd() => Assert.SkipUnless(ToolRun.Exists("systemd-analyze"), "systemd-analyze is not on PATH");
}
