using System.CommandLine;
using System.CommandLine.Help;
using Kuid.Cli.Verbs;

namespace Kuid.Cli.Manual;

/// <summary>kuid(1), made of what the verbs say of themselves, so that it says the same as <c>--help</c>.</summary>
internal static class ManualPage
{
    // Of the contents, for readers; the version is what counts.
    private const string Date = "2026-03-01";

    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("KUID_SOCKET", "The daemon's HTTP socket, unless --socket or --url says another."),
        ("KUID_DATA", "The daemon's data folder."),
        ("XDG_STATE_HOME", "Where the daemon's data folder is without KUID_DATA, and where kuid shell keeps its history."),
        ("XDG_CONFIG_HOME", "Where kuid/hosts.ini is."),
        ("NO_COLOR", "No colours, if it is set and not empty (https://no-color.org)."),
    ];

    private static readonly (string Name, string Meaning)[] Files =
    [
        ("$XDG_CONFIG_HOME/kuid/hosts.ini", "Names of hosts for eval and shell, a line NAME = ADDRESS for each; else ~/.config/kuid/hosts.ini."),
        ("$XDG_STATE_HOME/kuid/shell_history", "The lines of kuid shell; else ~/.local/state/kuid/shell_history."),
    ];

    private const string Examples = """
        kuid run make -j4
        id=$(kuid submit --max-attempts 3 --timeout 1h backup --all)
        kuid wait $id || kuid logs $id
        kuid ps -a --state failed -o id | xargs kuid logs
        kuid rerun --state failed --label team=web
        printf '{"command":"make %s"}\n' lint test | kuid batch submit
        kuid schedule set nightly --cron '0 3 * * *' backup --all
        kuid eval 'ps | sort -r rss | head 3'
        """;

    /// <summary>The page.</summary>
    internal static string Of(RootCommand root)
    {
        string[] description = root.Description!.Split("\n\n");
        Roff page = new Roff()
            .Title("KUID", 1, Date, $"Kuid {Verbs.Version.Own}", "User Commands")
            .Request("SH", "NAME")
            .Words("kuid - run, follow and end jobs of kuid-jobd")
            .Request("SH", "SYNOPSIS")
            .Words("kuid VERB [options] ...")
            .Request("SH", "DESCRIPTION")
            .Paragraphs(string.Join("\n\n", description[..^1]), begins: false)
            .Request("SH", "OPTIONS")
            .Words("Every verb has these.");
        AddOptions(page, root.Options);
        page.Item("-h, --help", "Its help. kuid --help lists the verbs.").Item("--version", "kuid's own version; no verb stands beside it.");
        page.Request("SH", "VERBS");
        foreach (Verb verb in VerbsOf(root))
        {
            Add(page, verb);
        }

        page.Request("SH", "EXIT STATUS").Words(description[^1]).Request("SH", "ENVIRONMENT");
        Array.ForEach(Variables, variable => page.Item(variable.Name, variable.Meaning));
        page.Request("SH", "FILES");
        Array.ForEach(Files, file => page.Item(file.Name, file.Meaning));
        return page.Request("SH", "EXAMPLES").Verbatim(Examples)
            .Request("SH", "SEE ALSO").Words("kuid-jobd --help, timeout(1), signal(7), setrlimit(2)")
            .ToString();
    }

    // A group is a heading for its verbs.
    private static void Add(Roff page, Verb verb)
    {
        page.Request("SS", $"kuid {verb.Path}{string.Concat(verb.Arguments.Select(Operand))}").Words(verb.Summary);
        if (verb.Details is { } details)
        {
            page.Paragraphs(details);
        }

        foreach (Argument argument in verb.Arguments)
        {
            page.Item(argument.Name, argument.Description ?? string.Empty);
        }

        AddOptions(page, verb.Options);
        foreach (Verb inner in VerbsOf(verb))
        {
            Add(page, inner);
        }
    }

    private static IEnumerable<Verb> VerbsOf(Command command) => command.Subcommands.OfType<Verb>().Where(verb => !verb.Hidden);

    private static string Operand(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 && !name.StartsWith('[') ? $" [{name}]" : $" {name}";
    }

    private static void AddOptions(Roff page, IEnumerable<Option> options)
    {
        foreach (Option option in options.Where(option => !option.Hidden && option is not (HelpOption or VersionOption)))
        {
            string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
            page.Item(option.HelpName is { } value ? $"{names} {value}" : names, option.Description ?? string.Empty);
        }
    }
}
