namespace Kuid.Jobd.Tests.Options;

/// <summary>A value that is not allowed is quoted, with where it stood and what is allowed instead.</summary>
public sealed class BadValueSpecs : IDisposable
{
    private readonly Resolution _resolution = new();

    public static TheoryData<string, string> BadValues()
    {
        var data = new TheoryData<string, string>();
        foreach (OptionDefinition option in OptionTable.All)
        {
            foreach (string bad in OptionSamples.Of(option).Bad)
            {
                data.Add(option.Name, bad);
            }
        }

        return data;
    }

    public static TheoryData<string> Options() => [.. OptionTable.All.Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(BadValues))]
    public void It_is_refused_as_a_word_and_as_a_variable_with_what_is_allowed(string name, string bad)
    {
        string allowed = $"\"{bad}\": *{OptionSamples.Of(Resolution.Option(name)).Allowed}*";
        string variable = Resolution.Option(name).Variable;
        _resolution.Environment(variable, bad).Refusal().Should().Match($"{variable} {allowed}");
        _resolution.Variables.Remove(variable);
        _resolution.Words(name, bad).Refusal().Should().Match($"--{name} {allowed}");
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void An_empty_value_is_refused(string name) =>
        _resolution.Environment(Resolution.Option(name).Variable, string.Empty).Refusal()
            .Should().Be($"{Resolution.Option(name).Variable} \"\": a value is missing");

    [Theory]
    [InlineData("address", "ADDRESS")]
    [InlineData("pidfile", "PIDFILE")]
    [InlineData("config", "--config")]
    [InlineData("data", "--data")]
    public void An_empty_word_is_refused_under_its_name_in_the_help(string name, string shown) =>
        _resolution.Words(name, string.Empty).Refusal().Should().Be($"{shown} \"\": a value is missing");

    [Fact]
    public void In_the_file_it_is_refused_with_file_and_key()
    {
        _resolution.Ini("[sockproc]\ncommand-bytes = many\n").Refusal()
            .Should().Be($"{_resolution.ConfigFile}: [sockproc] command-bytes \"many\": allowed: a whole number from 1 to 131071");
        _resolution.Ini("grace = long\n").Refusal().Should().StartWith($"{_resolution.ConfigFile}: grace \"long\": allowed: seconds");
    }

    [Fact]
    public void Off_is_a_value_where_the_help_says_so_and_only_there()
    {
        foreach (OptionDefinition option in OptionTable.All)
        {
            bool mayBeOff = option.Argument.Contains("off", StringComparison.Ordinal) || option.Name == OptionTable.Foreground
                || option.Argument == "true|false";
            Func<DaemonOptions> apply = () => option.Apply(new DaemonOptions(), "off");
            bool anyText = OptionSamples.Of(option).Bad.Length == 0;
            if (mayBeOff || anyText)
            {
                apply.Should().NotThrow("{0} may be off", option.Name);
            }
            else
            {
                apply.Should().Throw<FormatException>("{0} may not be off", option.Name);
            }
        }
    }

    public void Dispose() => _resolution.Dispose();
}
