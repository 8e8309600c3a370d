namespace Kuid.Jobd.Tests.Options;

/// <summary>Words win over the environment, that over the file, that over the default: for every option of the table.</summary>
public sealed class PrecedenceSpecs : IDisposable
{
    private readonly Resolution _resolution = new();

    public static TheoryData<string> Options() => [.. OptionTable.All.Select(option => option.Name)];

    public static TheoryData<string> OptionsOfTheFile() =>
        [.. OptionTable.All.Select(option => option.Name).Where(name => name != OptionTable.Config)];

    [Fact]
    public void Every_option_has_a_sample_and_every_sample_an_option() =>
        OptionSamples.Names.Should().BeEquivalentTo(OptionTable.All.Select(option => option.Name));

    [Theory]
    [MemberData(nameof(Options))]
    public void Nothing_said_leaves_the_default_and_a_sample_differs_from_it(string name)
    {
        OptionSample sample = Sample(name);
        object? @default = sample.Read(_resolution.Resolve());
        if (name != "data")
        {
            @default.Should().Be(sample.Read(new DaemonOptions()));
        }

        (Equals(@default, sample.First.Means) && Equals(@default, sample.Second.Means)).Should().Be(!sample.HasChoice);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_word_wins_over_the_environment(string name) => BothWays(name, (better, worse) =>
        _resolution.Words(name, better).Environment(Resolution.Option(name).Variable, worse));

    [Theory]
    [MemberData(nameof(OptionsOfTheFile))]
    public void A_word_wins_over_the_file(string name) => BothWays(name, (better, worse) =>
        _resolution.Words(name, better).Ini($"{name} = {worse}\n"));

    [Theory]
    [MemberData(nameof(OptionsOfTheFile))]
    public void The_environment_wins_over_the_file(string name) => BothWays(name, (better, worse) =>
        _resolution.Environment(Resolution.Option(name).Variable, better).Ini($"{name} = {worse}\n"));

    [Theory]
    [MemberData(nameof(Options))]
    public void The_environment_alone_is_heard(string name) => BothWays(name, (better, _) =>
        _resolution.Environment(Resolution.Option(name).Variable, better));

    [Theory]
    [MemberData(nameof(OptionsOfTheFile))]
    public void The_file_alone_is_heard(string name) => BothWays(name, (better, _) => _resolution.Ini($"{name} = {better}\n"));

    [Fact]
    public void The_file_that_a_word_names_is_read_and_not_the_environments()
    {
        File.WriteAllText(_resolution.ConfigFile + ".other", "no-such-key = 1\n");
        _resolution.Environment("KUID_CONFIG", _resolution.ConfigFile + ".other").Ini("grace = 7\n").Resolve()
            .Grace.Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void The_file_that_the_environment_names_is_read()
    {
        File.WriteAllText(_resolution.ConfigFile, "grace = 7\n");
        _resolution.Environment("KUID_CONFIG", _resolution.ConfigFile).Resolve().Grace.Should().Be(TimeSpan.FromSeconds(7));
    }

    public void Dispose() => _resolution.Dispose();

    private static OptionSample Sample(string name) => OptionSamples.Of(Resolution.Option(name));

    private void BothWays(string name, Action<string, string> say)
    {
        OptionSample sample = Sample(name);
        foreach (((string Text, object? Means) better, (string Text, object? Means) worse) in
            new[] { (sample.First, sample.Second), (sample.Second, sample.First) })
        {
            say(better.Text, worse.Text);
            sample.Read(_resolution.Resolve()).Should().Be(better.Means, "{0} was said as {1}", name, better.Text);
        }
    }
}
