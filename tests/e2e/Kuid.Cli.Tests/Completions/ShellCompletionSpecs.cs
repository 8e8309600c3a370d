namespace Kuid.Cli.Tests.Completions;

/// <summary>Tab in the real shells, with a daemon that has a job and a host.</summary>
public sealed class ShellCompletionSpecs
{
    // A prompt that can be told from what is typed, and in fish nothing greyed behind the cursor.
    private static readonly Dictionary<string, (string Start, string[] Setup)> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = ("bash --noprofile --norc -i", ["PS1='> '", "source <(kuid completion bash)"]),
        ["zsh"] = ("zsh -f -i", ["PS1='> '; autoload -U compinit; compinit -D; source <(kuid completion zsh)"]),
        ["fish"] = ("fish --no-config -i", ["set -g fish_autosuggestion_enabled 0; function fish_prompt; echo -n '> '; end; kuid completion fish | source"]),
    };

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Tab_completes_verbs_options_values_names_ids_files_and_programs(string shell)
    {
        Assert.SkipUnless(ToolRun.Exists(shell), $"{shell} is not installed (packages.sh test)");
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["some-input.txt"], "x", TestContext.Current.CancellationToken);
        await using TestDaemon own = await TestDaemon.Start();
        string socket = RealDaemon.SocketOf(own);
        await KuidCommand.Run(["host", "set", "unmistakable", "tcp:127.0.0.1:1"], default, ("KUID_SOCKET", socket));
        string id = (await KuidCommand.Run(["submit", "true"], default, ("KUID_SOCKET", socket))).Text.TrimEnd('\n');
        (string start, string[] setup) = Shells[shell];
        string path = $"{Path.GetDirectoryName(KuidCommand.Program)}:{Environment.GetEnvironmentVariable("PATH")}";

        await using Tmux terminal = await Tmux.Start(
            $"cd '{folder.Path}'; exec env -u KUID_DATA HOME='{folder.Path}' ZDOTDIR='{folder.Path}' XDG_CONFIG_HOME='{folder.Path}' PATH='{path}' KUID_SOCKET='{socket}' {start}", width: 100);
        foreach (string line in setup)
        {
            await terminal.Enter(line);
        }

        await terminal.Enter("echo rea''dy");
        await terminal.Until(screen => screen.Contains("\nready\n> ", StringComparison.Ordinal) || screen.EndsWith("\nready\n>", StringComparison.Ordinal), "the shell is ready");
        foreach ((string typed, string completed) in new[]
        {
            ("kuid comp", "kuid completion"),
            ("kuid host pro", "kuid host probe"),
            ("kuid ps --lab", "kuid ps --label"),
            ("kuid ps -o nd", "kuid ps -o ndjson"),
            ("kuid ps --state=runn", "kuid ps --state=running"),
            ("kuid show ", $"kuid show {id}"),
            ("kuid submit --host unmi", "kuid submit --host unmistakable"),
            ("kuid submit --stdin some-in", "kuid submit --stdin some-input.txt"),
            ("kuid run mkfif", "kuid run mkfifo"),
            ("kuid run cat some-in", "kuid run cat some-input.txt"),
        })
        {
            await Completes(terminal, typed, completed);
            await terminal.Press("C-u");
            await terminal.LastLineIs(">");
        }
    }

    // Tab asks the daemon for a second at most, and a machine that runs other tests too can be slower: a person presses it again.
    private static async Task Completes(Tmux terminal, string typed, string completed)
    {
        await terminal.Type(typed);
        await terminal.Press("Tab");
        try
        {
            await terminal.LastLineIs($"> {completed}");
        }
        catch (TimeoutException)
        {
            await terminal.Press("Tab");
            await terminal.LastLineIs($"> {completed}");
        }
    }
}
