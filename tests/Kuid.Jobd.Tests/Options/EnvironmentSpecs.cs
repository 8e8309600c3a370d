using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Tests.Options;

public sealed class EnvironmentSpecs : IDisposable
{
    private readonly Resolution _resolution = new();

    [Fact]
    public void A_variable_of_ours_that_is_no_option_is_warned_of_and_not_fatal()
    {
        DaemonOptions options = _resolution.Environment("KUID_GRACE", "4").Environment("KUID_NO_SUCH", "x").Environment("KUID_grace", "5").Resolve();
        options.Grace.Should().Be(TimeSpan.FromSeconds(4));
        _resolution.Warnings.Should().BeEquivalentTo("KUID_NO_SUCH", "KUID_grace");
    }

    [Theory]
    [InlineData("KUID_SOCKET")]
    [InlineData("KUID_LAUNCH_NOFILE")]
    [InlineData("KUID_LAUNCH_SCHEDULING")]
    [InlineData("KUID_DETACHED")]
    [InlineData("PATH")]
    [InlineData("XKUID_GRACE")]
    [InlineData("DOTNET_GRACE")]
    public void The_clients_variable_the_launchers_and_others_are_not_warned_of(string name)
    {
        _resolution.Environment(name, "x").Resolve();
        _resolution.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_variable_is_the_options_name_in_capitals()
    {
        OptionTable.All.Select(option => option.Variable).Should()
            .OnlyHaveUniqueItems().And.Contain("KUID_SOCKET_MODE").And.Contain("KUID_SOCKPROC_DRAIN_SECONDS")
            .And.OnlyContain(name => name.All(c => c == '_' || char.IsAsciiLetterUpper(c)));
    }

    [Fact]
    public void The_data_folder_is_below_XDG_STATE_HOME_if_that_is_an_absolute_path()
    {
        _resolution.Environment("HOME", "/home/u").Environment("XDG_STATE_HOME", "/state").Resolve().Data.Should().Be("/state/kuid");
        string without = new Resolution().Environment("HOME", "/home/u").Resolve().Data;
        _resolution.Environment("XDG_STATE_HOME", "relative").Resolve().Data.Should().Be(without);
    }

    [Fact]
    public void Without_XDG_STATE_HOME_roots_data_folder_is_the_systems_and_a_users_is_below_HOME()
    {
        bool root = LibcFiles.EffectiveUserId() == 0;
        _resolution.Environment("HOME", "/home/u").Resolve().Data.Should().Be(root ? "/var/lib/kuid" : "/home/u/.local/state/kuid");
        _resolution.Environment("HOME", "relative").Resolve().Data.Should().Be("/var/lib/kuid");
    }

    [Fact]
    public void An_explicit_data_folder_is_made_absolute() =>
        _resolution.Words("data", "here").Resolve().Data.Should().Be(Path.GetFullPath("here"));

    public void Dispose() => _resolution.Dispose();
}
