using System.CommandLine;
using Kuid.Cli.Hosts;
using Kuid.Cli.Interaction;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid shell</c>: a prompt on a host, without a daemon.</summary>
internal static class Shell
{
    private const string Details =
        HostOperand.Help + "\n\n"
        + "Ctrl-C ends the pipeline, Ctrl-D the shell. !COMMAND runs a program of the host's with the terminal. :help lists the rest. "
        + "What was typed is kept in $XDG_STATE_HOME/kuid/shell_history, but for lines that begin with a blank.\n\n"
        + "Where standard input is no terminal, its lines are the script, and the first syntax error ends it.\n\n"
        + "Exit codes: that of exit, else the status of the last pipeline; 2 a syntax error in a script, and wrong use; 125 kuid's own "
        + "failure: the host cannot be reached.";

    /// <summary>The verb.</summary>
    internal static Verb Create()
    {
        var host = new Argument<string?>("HOST")
        {
            Description = "Where. Default: local.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> output = RowOutput.Option();
        var verb = new Verb("shell", "Open a shell of pipelines on a host.", Details) { Arguments = { host }, Options = { output } };
        verb.SetAction(async (words, _) =>
        {
            string format = RowOutput.Read(words.GetValue(output));
            var target = new Host(HostOperand.Read(words.GetValue(host) ?? HostOperand.Local));
            bool hasTerminal = Descriptor.IsTerminal(Descriptor.Stdin) && Descriptor.IsTerminal(Descriptor.Stdout);
            return hasTerminal
                ? await new InteractiveShell(target, format).RunAsync()
                : await new ScriptedShell(target, format).RunAsync();
        });
        return verb;
    }
}
