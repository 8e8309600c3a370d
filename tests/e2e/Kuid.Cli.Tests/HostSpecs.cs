namespace Kuid.Cli.Tests;

/// <summary><c>kuid host</c> with a real daemon.</summary>
public sealed class HostSpecs(RealDaemon daemon)
{
    [Fact]
    public async Task A_host_is_added_shown_probed_and_removed()
    {
        const string Name = "nobody-there";

        (await daemon.Kuid("host", "set", Name, "tcp:127.0.0.1:1")).Should().BeEquivalentTo(new { ExitCode = 0, Text = string.Empty, Stderr = string.Empty });

        (await daemon.Kuid("host", "ls")).Text.Should().StartWith("NAME\tSOURCE\tADDRESS\nlocal\tbuiltin\tlocal\n").And.Contain($"\n{Name}\tclient\ttcp:127.0.0.1:1\n");
        (await daemon.Kuid("host", "ls", "-o", "id")).Text.Split('\n').Should().Contain(Name);
        (await daemon.Kuid("host", "show", Name)).Text.Should().Contain("address\ttcp:127.0.0.1:1\n");
        (await daemon.Kuid("host", "probe", Name)).Text.Should().Contain("reachable\tno\n");
        (await daemon.Kuid("host", "probe", Name, "local")).Text.Should().StartWith("NAME\tREACHABLE\t").And.Contain($"\n{Name}\tno\t").And.Contain("\nlocal\tyes\t");
        (await daemon.Kuid("host", "rm", Name)).ExitCode.Should().Be(0);
        (await daemon.Kuid("host", "show", Name)).Should().BeEquivalentTo(new { ExitCode = 125, Text = string.Empty, Stderr = $"kuid: there is no host \"{Name}\"\n" });
        (await daemon.Kuid("host", "rm", Name, "local")).Stderr.Should().Contain(Name).And.Contain("local").And.MatchRegex("^kuid: [^\n]*\nkuid: [^\n]*\n$");
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused_with_the_reason() =>
        (await daemon.Kuid("host", "set", "web1", "web1")).Stderr.Should().StartWith("kuid: ").And.Contain("web1").And.Contain("scheme");
}
