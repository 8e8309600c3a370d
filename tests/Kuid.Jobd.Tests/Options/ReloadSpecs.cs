namespace Kuid.Jobd.Tests.Options;

/// <summary>What SIGHUP changes in a running daemon: for each option either it takes effect or its name is reported.</summary>
public sealed class ReloadSpecs
{
    private static readonly string[] TakenOver =
    [
        "allow", "grace", "log-level", "sockproc-command-bytes", "sockproc-stdin-bytes", "sockproc-output-bytes", "sockproc-history-bytes", "sockproc-header-seconds",
        "sockproc-stdin-idle-seconds", "sockproc-reply-idle-seconds", "sockproc-stdin-rate", "sockproc-reply-rate", "sockproc-disconnect", "sockproc-drain-seconds", "sockproc-timeout-seconds",
        "history-output-total-bytes", "history-output-days", "history-succeeded-days", "history-succeeded-count", "history-failed-days",
        "history-failed-count", "history-canceled-days", "history-canceled-count", "history-lost-days", "history-lost-count",
    ];

    public static TheoryData<string> OptionsWithAChoice() =>
        [.. OptionTable.All.Where(option => OptionSamples.Of(option).HasChoice).Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(OptionsWithAChoice))]
    public void A_changed_option_takes_effect_or_is_named(string name)
    {
        OptionDefinition option = Resolution.Option(name);
        OptionSample sample = OptionSamples.Of(option);
        DaemonOptions running = option.Apply(new DaemonOptions(), sample.First.Text);
        DaemonOptions wanted = option.Apply(new DaemonOptions(), sample.Second.Text);

        bool takenOver = TakenOver.Contains(name, StringComparer.Ordinal);
        sample.Read(OptionTable.TakeOver(running, wanted)).Should().Be(takenOver ? sample.Second.Means : sample.First.Means);
        OptionTable.NotReloadable(running, wanted).Should().BeEquivalentTo(takenOver ? [] : new[] { name });
    }

    [Theory]
    [MemberData(nameof(OptionsWithAChoice))]
    public void An_option_that_is_read_again_as_it_was_is_no_change(string name)
    {
        OptionDefinition option = Resolution.Option(name);
        string text = OptionSamples.Of(option).Second.Text;

        OptionTable.NotReloadable(option.Apply(new DaemonOptions(), text), option.Apply(new DaemonOptions(), text)).Should().BeEmpty();
    }

    [Fact]
    public void Nothing_changed_is_nothing_to_report()
    {
        var options = new DaemonOptions { Address = "/run/a", Grace = TimeSpan.FromSeconds(1) };
        OptionTable.NotReloadable(options, options with { }).Should().BeEmpty();
        OptionTable.TakeOver(options, options with { }).Should().Be(options);
    }

    [Fact]
    public void Hosts_take_effect()
    {
        var running = new DaemonOptions();
        DaemonOptions wanted = running with { Hosts = new Dictionary<string, string>(StringComparer.Ordinal) { ["web1"] = "unix:/x" } };
        OptionTable.TakeOver(running, wanted).Hosts.Should().BeSameAs(wanted.Hosts);
        OptionTable.NotReloadable(running, wanted).Should().BeEmpty();
    }

    [Fact]
    public void What_takes_effect_does_so_though_other_changes_do_not()
    {
        var running = new DaemonOptions { Address = "/run/a" };
        DaemonOptions wanted = running with { Address = "/run/b", Concurrency = 3, Grace = TimeSpan.FromSeconds(1) };
        OptionTable.TakeOver(running, wanted).Should().Be(running with { Grace = TimeSpan.FromSeconds(1) });
        OptionTable.NotReloadable(running, wanted).Should().BeEquivalentTo("address", "concurrency");
    }
}
