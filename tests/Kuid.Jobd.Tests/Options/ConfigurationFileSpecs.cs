namespace Kuid.Jobd.Tests.Options;

public sealed class ConfigurationFileSpecs : IDisposable
{
    private readonly Resolution _resolution = new();

    public static TheoryData<string> SockprocOptions() =>
        [.. OptionTable.All.Select(option => option.Name).Where(name => name.StartsWith("sockproc-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(SockprocOptions))]
    public void An_option_of_the_sockproc_door_can_stand_in_its_section_without_the_prefix(string name)
    {
        OptionSample sample = OptionSamples.Of(Resolution.Option(name));
        DaemonOptions options = _resolution.Ini($"[sockproc]\n{name["sockproc-".Length..]} = {sample.First.Text}\n").Resolve();
        sample.Read(options).Should().Be(sample.First.Means);
    }

    [Fact]
    public void Comments_empty_lines_quotes_and_capitals_are_understood()
    {
        DaemonOptions options = _resolution.Ini(
            "; a comment\n# another\n\nGrace = 3\n  socket-group = \"a group\"  \n\n[SOCKPROC]\nDisconnect=kill\n").Resolve();
        options.Grace.Should().Be(TimeSpan.FromSeconds(3));
        options.SocketGroup.Should().Be("a group");
        options.Sockproc.Disconnect.Should().Be(DisconnectPolicy.Kill);
    }

    [Theory]
    [InlineData("no-such-key = 1\n", "no-such-key")]
    [InlineData("[sockproc]\nno-such-key = 1\n", "[sockproc] no-such-key")]
    [InlineData("[http]\nport = 1\n", "[http] port")]
    [InlineData("[sockproc]\ngrace = 1\n", "[sockproc] grace")]
    [InlineData("drain-seconds = 1\n", "drain-seconds")]
    [InlineData("config = /etc/other\n", "config")]
    public void An_unknown_key_is_quoted_as_it_stands_in_the_file(string ini, string quoted) =>
        _resolution.Ini(ini).Refusal().Should().Contain(_resolution.ConfigFile).And.Contain($"unknown key \"{quoted}\"").And.Contain("--help");

    [Theory]
    [InlineData("just words\n", "just words")]
    [InlineData("grace = 1\n[sockproc\n", "[sockproc")]
    [InlineData("grace = 1\nGRACE = 2\n", "GRACE")]
    [InlineData("[sockproc]\nconnections = 1\n[sockproc]\nconnections = 2\n", "connections")]
    public void A_malformed_line_or_a_key_that_stands_there_twice_is_quoted(string ini, string quoted) =>
        _resolution.Ini(ini).Refusal().Should().MatchRegex($"^{System.Text.RegularExpressions.Regex.Escape(_resolution.ConfigFile)}:[124]: ").And.ContainEquivalentOf(quoted);

    [Fact]
    public void Hosts_have_names_as_they_are_written_and_addresses()
    {
        DaemonOptions options = _resolution.Ini("[hosts]\nweb1 = exec:ssh web1 kuid-sysreqd -\nWeb-2.b = \"unix:/run/a b\"\n[sockproc]\ndisconnect = kill\n").Resolve();
        options.Hosts.Should().BeEquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["web1"] = "exec:ssh web1 kuid-sysreqd -",
            ["Web-2.b"] = "unix:/run/a b",
        });
    }

    [Theory]
    [InlineData("web1 = nonsense", "[hosts] web1*no scheme")]
    [InlineData("web1 = tcp:x", "[hosts] web1*port")]
    [InlineData("web1 =", "[hosts] web1*allowed are")]
    [InlineData("local = unix:/x", "[hosts] local*the machine that the daemon runs on")]
    public void A_host_without_an_address_is_refused(string line, string says) =>
        _resolution.Ini($"[hosts]\n{line}\n").Refusal().Should().Match($"*{_resolution.ConfigFile}*{says}*");

    [Fact]
    public void A_key_without_a_value_is_refused() =>
        _resolution.Ini("socket-group =\n").Refusal().Should().Contain("socket-group").And.Contain("a value is missing");

    [Fact]
    public void A_file_that_is_not_there_or_cannot_be_read_is_named()
    {
        string missing = _resolution.ConfigFile + ".missing";
        _resolution.Words("config", missing).Refusal().Should().Contain(missing);
        string folder = Path.GetDirectoryName(_resolution.ConfigFile)!;
        _resolution.Words("config", folder).Refusal().Should().Contain(folder);
    }

    [Fact]
    public void An_empty_file_says_nothing() => _resolution.Ini(string.Empty).Resolve().Grace.Should().Be(new DaemonOptions().Grace);

    public void Dispose() => _resolution.Dispose();
}
