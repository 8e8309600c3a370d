using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using Kuid.Jobd.Checking;
using Kuid.Jobd.Core.Hosts;
using Kuid.Sysreq.Remote;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Ini;

namespace Kuid.Jobd;

/// <summary>
/// Argv, the environment and the configuration file become <see cref="DaemonOptions"/>; what comes first in this sentence wins.
/// </summary>
internal sealed class CommandLine
{
    // A section whose keys are names, each with an address.
    private static readonly string HostsSection = "hosts" + ConfigurationPath.KeyDelimiter;

    private readonly RootCommand _command;
    private readonly Dictionary<OptionDefinition, Func<ParseResult, string?>> _words = [];
    private readonly Option<bool> _check = new("--check-config")
    {
        Description = "Start nothing and change nothing: say everything that is wrong with options, files and folders, and exit with 1 or 0.",
    };

    internal CommandLine()
    {
        _command = new RootCommand(
            "kuid-jobd runs commands for those who must not fork: a drop-in for sockproc, on a Unix socket or a TCP\n"
            + "port, and an HTTP API to submit them and come back later.\n\n"
            + "Every option can also stand in the configuration file under its name without the dashes (those of the sockproc\n"
            + "door in a section [sockproc] without the prefix), or in the environment as KUID_ and its name in capitals.\n"
            + "The file's section [hosts] has names and addresses of hosts for pipelines.\n"
            + "Without --foreground it returns when the socket accepts connections; it then logs to DIR/jobd.log.\n\n"
            + "SIGTERM, SIGINT, SIGQUIT: stop; a second one hurries. SIGHUP: opens the logs again and takes over allow, grace, log-level,\n"
            + "the history options but history-output-bytes, the sockproc options but the number of connections, and the hosts, and reads\n"
            + "tokens and certificates again.\n"
            + "Exit codes: 0 stopped as asked, 1 --check-config has found problems, 2 wrong use or configuration, 100 another daemon has the socket or the data\n"
            + "folder, 111 the system refused something.");
        _command.Options.Add(_check);
        foreach (OptionDefinition definition in OptionTable.All)
        {
            _words[definition] = definition.Name switch
            {
                OptionTable.Address or OptionTable.Pidfile => AddArgument(definition),
                OptionTable.Foreground => AddSwitch(definition),
                _ when definition.IsList => AddList(definition),
                _ => AddOption(definition),
            };
        }
    }

    /// <summary>Whether the words ask for a look at the configuration and for no daemon.</summary>
    internal bool ChecksOnly { get; private set; }

    /// <summary>Reads the words.</summary>
    /// <param name="args">Argv without the program's name.</param>
    /// <param name="exitCode">The exit code when help or version was all that was asked for, or the words are wrong.</param>
    /// <returns>The words by option, or null when there is nothing to start.</returns>
    internal IReadOnlyDictionary<OptionDefinition, string>? Parse(string[] args, out int exitCode)
    {
        // A path may begin with '@': there are no response files.
        ParseResult result = _command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            // A mistyped option takes the place of a path, and the path behind it then is one too many: only the first is the mistake.
            List<ParseError> mistyped = [.. result.Errors.Where(error => error.SymbolResult is ArgumentResult)];
            foreach (ParseError error in mistyped.Count > 0 ? mistyped : result.Errors)
            {
                Console.Error.WriteLine($"kuid-jobd: {Explain(error)}");
            }

            Console.Error.WriteLine("Usage: kuid-jobd [ADDRESS] [PIDFILE] [--foreground] [options]; --help lists them");
            exitCode = ExitCode.Usage;
            return null;
        }

        if (result.Action is not null)
        {
            exitCode = result.Invoke();
            return null;
        }

        exitCode = ExitCode.Ok;
        ChecksOnly = result.GetValue(_check);
        return _words
            .Select(word => (word.Key, Value: word.Value(result)))
            .Where(word => word.Value is not null)
            .ToDictionary(word => word.Key, word => word.Value!);
    }

    // What the library says of an option without its value does not say which values there are.
    private static string Explain(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens.Count: 0 } result && OptionTable.All.FirstOrDefault(o => "--" + o.Name == result.Option.Name) is { } option
            ? $"{result.Option.Name}: its value is missing: {result.Option.Name} <{option.Argument}>. {option.Help}"
            : error.Message;

    /// <summary>Puts the options together.</summary>
    /// <param name="words">What the command line says.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="warn">Told of variables that mean nothing.</param>
    /// <param name="findings">Takes every mistake, and what was mistaken keeps its default; null to throw the first.</param>
    /// <exception cref="StartException">A value is not allowed, or a key of the file is unknown.</exception>
    internal static DaemonOptions Resolve(
        IReadOnlyDictionary<OptionDefinition, string> words, IDictionary variables, Action<string> warn, Findings? findings = null)
    {
        var options = new DaemonOptions { Data = DefaultDataFolder(variables) };
        Dictionary<OptionDefinition, string> environment = FromEnvironment(variables, warn);
        OptionDefinition config = OptionTable.All.Single(o => o.Name == OptionTable.Config);
        if ((words.GetValueOrDefault(config) ?? environment.GetValueOrDefault(config)) is { } file)
        {
            options = Apply(options, config, file, words.ContainsKey(config) ? "--" + config.Name : config.Variable);
            options = findings is null ? ApplyFile(options, options.Config!) : ApplyLines(options, options.Config!, findings);
        }

        foreach ((OptionDefinition option, string value) in environment)
        {
            options = Apply(options, option, value, option.Variable, findings);
        }

        foreach ((OptionDefinition option, string value) in words)
        {
            options = Apply(options, option, value, IsArgument(option) ? option.Argument : "--" + option.Name, findings);
        }

        return options;
    }

    private static DaemonOptions ApplyFile(DaemonOptions options, string file)
    {
        if (Directory.Exists(file))
        {
            throw new StartException($"--config {file}: is a folder, not a file", ExitCode.Usage);
        }

        IDictionary<string, string?> data;
        try
        {
            using FileStream stream = File.OpenRead(file);
            data = IniStreamConfigurationProvider.Read(stream);
        }
        catch (FormatException e)
        {
            throw new StartException(IniLines.FirstMistake(file) ?? $"--config {file}: {e.Message}", ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--config {file}: {e.Message}", ExitCode.Usage);
        }

        foreach ((string key, string? value) in data)
        {
            options = ApplyKey(options, file, key, value ?? string.Empty);
        }

        return options;
    }

    // The same with every mistake and its line.
    private static DaemonOptions ApplyLines(DaemonOptions options, string file, Findings findings)
    {
        string[] text = [];
        findings.Try(() => text = Directory.Exists(file)
            ? throw new StartException($"--config {file}: is a folder, not a file", ExitCode.Usage)
            : File.ReadAllLines(file));
        foreach (IniLine line in IniLines.Read(text, (number, mistake) => findings.Add($"{file}:{number}: {mistake}")))
        {
            findings.Try(() => options = ApplyKey(options, $"{file}:{line.Number}", line.Key, line.Value));
        }

        return options;
    }

    private static DaemonOptions ApplyKey(DaemonOptions options, string place, string key, string value)
    {
        if (key.StartsWith(HostsSection, StringComparison.OrdinalIgnoreCase))
        {
            return options with { Hosts = With(options.Hosts, key[HostsSection.Length..], value, $"{place}: {Quote(key)}") };
        }

        string name = key.Replace(ConfigurationPath.KeyDelimiter, "-", StringComparison.Ordinal);
        OptionDefinition option = OptionTable.All.FirstOrDefault(
                o => o.Name != OptionTable.Config && string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new StartException($"{place}: unknown key \"{Quote(key)}\"; kuid-jobd --help lists the keys", ExitCode.Usage);
        return Apply(options, option, value, $"{place}: {Quote(key)}");
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> hosts, string name, string address, string where)
    {
        try
        {
            if (name == HostTable.Local)
            {
                throw new FormatException("local is the machine that the daemon runs on and nothing else");
            }

            return new Dictionary<string, string>(hosts, StringComparer.Ordinal) { [name] = HostAddress.Parse(address).ToString()! };
        }
        catch (FormatException e)
        {
            throw new StartException($"{where} \"{address}\": {e.Message}", ExitCode.Usage);
        }
    }

    private static string Quote(string key) =>
        key.IndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) is var colon and >= 0
            ? $"[{key[..colon]}] {key[(colon + 1)..]}"
            : key;

    private static Dictionary<OptionDefinition, string> FromEnvironment(IDictionary variables, Action<string> warn)
    {
        // The client's variable and the launcher's are in the same family and not about options.
        string[] others =
        [
            "KUID_SOCKET", Core.Processes.InheritedEnvironment.NofileVariable, Core.Processes.InheritedEnvironment.SchedulingVariable, Detachment.Variable,
        ];
        var found = new Dictionary<OptionDefinition, string>();
        foreach (DictionaryEntry entry in variables)
        {
            string name = (string)entry.Key;
            if (!name.StartsWith(OptionTable.VariablePrefix, StringComparison.Ordinal) || others.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }

            if (OptionTable.All.FirstOrDefault(o => o.Variable == name) is { } option)
            {
                found[option] = (string?)entry.Value ?? string.Empty;
            }
            else
            {
                warn(name);
            }
        }

        return found;
    }

    private static DaemonOptions Apply(DaemonOptions options, OptionDefinition option, string value, string where, Findings? findings)
    {
        DaemonOptions applied = options;
        if (findings is null)
        {
            return Apply(options, option, value, where);
        }

        findings.Try(() => applied = Apply(options, option, value, where));
        return applied;
    }

    private static DaemonOptions Apply(DaemonOptions options, OptionDefinition option, string value, string where)
    {
        try
        {
            return value.Length == 0
                ? throw new FormatException("a value is missing")
                : option.Apply(options, value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new StartException($"{where} \"{value}\": {e.Message}", ExitCode.Usage);
        }
    }

    private static string DefaultDataFolder(IDictionary variables)
    {
        if (variables["XDG_STATE_HOME"] is string state && Path.IsPathRooted(state))
        {
            return Path.Combine(state, "kuid");
        }

        return Core.Native.LibcFiles.EffectiveUserId() != 0 && variables["HOME"] is string home && Path.IsPathRooted(home)
            ? Path.Combine(home, ".local", "state", "kuid")
            : "/var/lib/kuid";
    }

    private static bool IsArgument(OptionDefinition option) => option.Name is OptionTable.Address or OptionTable.Pidfile;

    private Func<ParseResult, string?> AddArgument(OptionDefinition definition)
    {
        var argument = new Argument<string?>(definition.Argument)
        {
            Description = definition.Help,
            Arity = ArgumentArity.ZeroOrOne,
        };

        // Otherwise a mistyped option is taken for a path, and a daemon starts that nobody asked for.
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } word)
            {
                result.AddError($"unknown option \"{word.Value}\"; a path that begins with a dash is written ./{word.Value}");
            }
        });
        _command.Arguments.Add(argument);
        return result => result.GetValue(argument);
    }

    private Func<ParseResult, string?> AddSwitch(OptionDefinition definition)
    {
        var option = new Option<bool>("--" + definition.Name) { Description = definition.Help };
        _command.Options.Add(option);
        return result => result.GetValue(option) ? "true" : null;
    }

    private Func<ParseResult, string?> AddOption(OptionDefinition definition)
    {
        var option = new Option<string?>("--" + definition.Name)
        {
            Description = definition.Help,
            HelpName = definition.Argument,
        };
        _command.Options.Add(option);
        return result => result.GetValue(option);
    }

    private Func<ParseResult, string?> AddList(OptionDefinition definition)
    {
        var option = new Option<string[]>("--" + definition.Name)
        {
            Description = definition.Help,
            HelpName = definition.Argument,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        _command.Options.Add(option);
        return result => result.GetValue(option) is { Length: > 0 } words ? string.Join(' ', words) : null;
    }
}
