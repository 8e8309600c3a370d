using System.Text;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Processes;

public sealed class InheritedEnvironmentSpecs
{
    [Fact]
    public void Entries_come_out_as_the_bytes_they_are_in_their_order()
    {
        byte[] odd = [.. "ODD="u8, 0xff, 0xfe, 0x80, (byte)'=', 0xc3];
        InheritedEnvironment environment = InheritedEnvironment.Parse([.. "B=2\0"u8, .. odd, 0, .. "A=1\0EMPTY=\0no equals sign\0"u8]);

        environment.Variables.Should().BeEquivalentTo(
            [Specs.Bytes("B=2"), odd, Specs.Bytes("A=1"), Specs.Bytes("EMPTY="), Specs.Bytes("no equals sign")],
            options => options.WithStrictOrdering());
        environment.NofileSoft.Should().BeNull();
    }

    [Theory]
    [InlineData("DOTNET_gcServer=1")]
    [InlineData("ASPNETCORE_URLS=x")]
    [InlineData("KUID_TOKEN=secret")]
    [InlineData("NOTIFY_SOCKET=/run/notify")]
    [InlineData("LISTEN_FDS=1")]
    [InlineData("LISTEN_PID=7")]
    [InlineData("LISTEN_FDNAMES=a")]
    [InlineData("LISTEN_PIDFDID=8")]
    [InlineData("WATCHDOG_USEC=1")]
    [InlineData("WATCHDOG_PID=1")]
    [InlineData("FDSTORE=1")]
    [InlineData("CREDENTIALS_DIRECTORY=/run/credentials")]
    public void Row_51_what_is_about_the_daemon_is_kept_from_jobs(string entry) =>
        InheritedEnvironment.Parse(Specs.Bytes($"A=1\0{entry}\0B=2\0")).Variables.Select(Encoding.UTF8.GetString).Should().Equal("A=1", "B=2");

    [Theory]
    [InlineData("NOTIFY_SOCKETS=mine")]
    [InlineData("XDOTNET_ROOT=mine")]
    [InlineData("KUID=mine")]
    [InlineData("dotnet_root=mine")]
    [InlineData("LISTEN_FDS")]
    public void What_only_looks_like_it_is_handed_on(string entry) =>
        InheritedEnvironment.Parse(Specs.Bytes(entry + "\0")).Variables.Select(Encoding.UTF8.GetString).Should().Equal(entry);

    [Theory]
    [InlineData("1024", 1024UL)]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("unlimited", ulong.MaxValue)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData(" 5", null)]
    [InlineData("99999999999999999999", null)]
    public void The_launchers_limit_is_read_when_it_is_a_number_and_never_handed_on(string value, ulong? expected)
    {
        InheritedEnvironment environment = InheritedEnvironment.Parse(Specs.Bytes($"KUID_LAUNCH_NOFILE={value}\0A=1\0"));

        environment.NofileSoft.Should().Be(expected);
        environment.Variables.Select(Encoding.UTF8.GetString).Should().Equal("A=1");
    }

    [Theory]
    [InlineData("KUID_LAUNCH_SCHEDULING=batch\0", true)]
    [InlineData("", false)]
    public void Jobs_are_scheduled_as_most_processes_where_the_launcher_has_changed_that(string variable, bool expected)
    {
        InheritedEnvironment environment = InheritedEnvironment.Parse(Specs.Bytes(variable + "A=1\0"));

        environment.HasPlainScheduling.Should().Be(expected);
        environment.Variables.Select(Encoding.UTF8.GetString).Should().Equal("A=1");
    }

    [Fact]
    public void An_empty_block_is_an_empty_environment() => InheritedEnvironment.Parse([]).Variables.Should().BeEmpty();

    [Fact]
    public void The_environment_of_this_process_is_the_one_it_was_executed_with() =>
        InheritedEnvironment.OfThisProcess().Variables.Select(Encoding.UTF8.GetString)
            .Should().Contain("PATH=" + Environment.GetEnvironmentVariable("PATH"));
}
