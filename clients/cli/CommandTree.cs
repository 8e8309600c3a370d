using System.CommandLine;
using Kuid.Cli.Verbs;

namespace Kuid.Cli;

/// <summary>All verbs under one root.</summary>
internal static class CommandTree
{
    private const string Description =
        "kuid runs, follows and ends jobs of kuid-jobd. Without it, eval and shell evaluate pipelines of typed rows on hosts.\n\n"
        + "It reaches the daemon by --socket, else $KUID_SOCKET, else DIR/http.sock, where DIR is the daemon's data folder: $KUID_DATA, "
        + "else $XDG_STATE_HOME/kuid, ~/.local/state/kuid, for root /var/lib/kuid. Or by --url with a token from a file.\n\n"
        + "Data goes to standard output, talk to standard error. In a pipe, tables are fields between tabs. NO_COLOR is honoured.\n\n"
        + "Exit codes: 0 done; 2 wrong use (of run: 125); 125 kuid's own failure: no daemon, a refusal, a lost job; 141 nobody "
        + "reads the output any more. run and wait exit as the job did: its own code, 128+n for signal n, 124 when it took longer "
        + "than its timeout, 126 and 127 when it could not be executed or found, 143 when it was canceled.";

    /// <summary>
    /// The root with its options and verbs. A line that begins with a verb needs no other: to make all takes a tenth of the time
    /// in which kuid starts.
    /// </summary>
    /// <param name="args">The command line.</param>
    internal static RootCommand Create(IReadOnlyList<string> args)
    {
        var root = new RootCommand(Description);
        root.Directives.Clear();
        var daemon = new DaemonOptions();
        daemon.AddTo(root);
        (string Name, Func<Verb> Create)[] verbs =
        [
            ("run", () => Run.Create(daemon)),
            ("submit", () => Submit.Create(daemon)),
            ("ps", () => Ps.Create(daemon)),
            ("show", () => Show.Create(daemon)),
            ("logs", () => Logs.Create(daemon)),
            ("result", () => Result.Create(daemon)),
            ("wait", () => Wait.Create(daemon)),
            ("cancel", () => Cancel.Create(daemon)),
            ("signal", () => Signal.Create(daemon)),
            ("stdin", () => Stdin.Create(daemon)),
            ("rerun", () => Rerun.Create(daemon)),
            ("rm", () => Rm.Create(daemon)),
            ("queue", () => QueueVerbs.Create(daemon)),
            ("schedule", () => ScheduleVerbs.Create(daemon)),
            ("batch", () => BatchVerbs.Create(daemon)),
            ("host", () => HostVerbs.Create(daemon)),
            ("service", () => ServiceVerbs.Create(daemon)),
            ("token", TokenVerbs.Create),
            ("advertise", Advertise.Create),
            ("call", Call.Create),
            ("eval", Eval.Create),
            ("shell", Verbs.Shell.Create),
            ("status", () => Status.Create(daemon)),
            ("api", () => Verbs.Api.Create(daemon)),
            ("version", () => Verbs.Version.Create(daemon)),
            ("completion", Completion.Create),
        ];
        Func<Verb>? only = args.Count > 0 ? verbs.FirstOrDefault(verb => verb.Name == args[0]).Create : null;
        if (only is not null)
        {
            root.Subcommands.Add(only());
            return root;
        }

        Array.ForEach(verbs, verb => root.Subcommands.Add(verb.Create()));
        root.Subcommands.Add(Completion.CreateAsked(root));
        root.Subcommands.Add(ManualVerb.Create(root));
        return root;
    }
}
