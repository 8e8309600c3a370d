using System.CommandLine;
using System.CommandLine.Completions;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid completion</c>: what makes a shell complete kuid's words, and the verb that it asks for them.</summary>
internal static class Completion
{
    private const string Asked = "__complete";

    private const string Details =
        "bash: source <(kuid completion bash) in ~/.bashrc\n"
        + "zsh:  source <(kuid completion zsh) in ~/.zshrc, behind compinit\n"
        + "fish: kuid completion fish | source in ~/.config/fish/config.fish\n\n"
        + "The script asks kuid each time, so it need not be renewed. Ids of jobs and names of queues, hosts and schedules come from the daemon, "
        + "if it answers within a second.";

    /// <summary>The verb for people.</summary>
    internal static Verb Create()
    {
        string[] shells = [.. ShellScript.All.Keys];
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", shells) + "." };
        shell.HelpName = shell.Name;
        shell.CompletionSources.Add(shells);
        var verb = new Verb("completion", "Print the completion script of a shell.", Details) { Arguments = { shell } };
        verb.SetAction(words =>
        {
            Printer.Print(ShellScript.All[Operands.ReadWord("SHELL", words.GetRequiredValue(shell), shells)!]);
            return ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>
    /// The verb for the scripts: behind <c>--</c> the words of the line up to the one to complete. It prints candidates, each on a line,
    /// behind a tab what it is, and last what the shell itself is to offer.
    /// </summary>
    internal static Verb CreateAsked(RootCommand root)
    {
        var line = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        var verb = new Verb(Asked, "Print what may stand in place of the last word.") { Hidden = true, Arguments = { line } };
        verb.SetAction(words =>
        {
            var completer = Completer.Of(root, words.GetValue(line) ?? []);
            foreach (CompletionItem item in completer.Items)
            {
                Printer.Print($"{Visible.Of(item.Label)}\t{Visible.Of(item.Detail ?? string.Empty)}\n");
            }

            if (completer.Otherwise is { } otherwise)
            {
                Printer.Print(otherwise + "\n");
            }

            return ExitCode.Ok;
        });
        return verb;
    }
}
