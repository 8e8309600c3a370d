using System.Collections;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Options;

/// <summary>What an option is told on the command line, in the environment and in a file, put together by the daemon's own code.</summary>
internal sealed class Resolution : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<OptionDefinition, string> _words = [];

    internal Hashtable Variables { get; } = new(StringComparer.Ordinal);

    internal List<string> Warnings { get; } = [];

    internal string ConfigFile => _folder["kuid.ini"];

    internal static OptionDefinition Option(string name) => OptionTable.All.Single(option => option.Name == name);

    internal Resolution Words(string name, string value)
    {
        _words[Option(name)] = value;
        return this;
    }

    internal Resolution Environment(string variable, string value)
    {
        Variables[variable] = value;
        return this;
    }

    /// <summary>Writes the file and names it on the command line.</summary>
    internal Resolution Ini(string text)
    {
        File.WriteAllText(ConfigFile, text);
        return Words(OptionTable.Config, ConfigFile);
    }

    internal DaemonOptions Resolve() => CommandLine.Resolve(_words, Variables, Warnings.Add);

    /// <summary>The one line that a person reads when it cannot be resolved.</summary>
    internal string Refusal()
    {
        StartException refusal = FluentActions.Invoking(Resolve).Should().Throw<StartException>().Which;
        refusal.ExitCode.Should().Be(ExitCode.Usage);
        refusal.Message.Should().NotContain("\n");
        return refusal.Message;
    }

    public void Dispose() => _folder.Dispose();
}
