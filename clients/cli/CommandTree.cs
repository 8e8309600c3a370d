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

    /// <summary>The root with its options and verbs.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand(Description);
        root.Directives.Clear();
        var daemon = new DaemonOptions();
        daemon.AddTo(root);
        Verb[] verbs =
        [
            Run.Create(daemon),
            Submit.Create(daemon),
            Ps.Create(daemon),
            Show.Create(daemon),
            Logs.Create(daemon),
            Result.Create(daemon),
            Wait.Create(daemon),
            Cancel.Create(daemon),
            Signal.Create(daemon),
            Stdin.Create(daemon),
            Rerun.Create(daemon),
            Rm.Create(daemon),
            QueueVerbs.Create(daemon),
            ScheduleVerbs.Create(daemon),
            BatchVerbs.Create(daemon),
            HostVerbs.Create(daemon),
            Eval.Create(),
            Verbs.Shell.Create(),
            Status.Create(daemon),
            Verbs.Api.Create(daemon),
            Verbs.Version.Create(daemon),
            Completion.Create(),
            Completion.CreateAsked(root),
        ];
        Array.ForEach(verbs, root.Subcommands.Add);
        return root;
    }
}
