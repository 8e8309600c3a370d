using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid rerun</c>: new jobs like old ones.</summary>
internal static class Rerun
{
    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions) => new JobSelection("rerun", usual: OutputFormat.Id).Create(
        daemonOptions,
        "rerun",
        "Submit jobs once more, and print the ids of the new ones.",
        "Each becomes a new job with the same submission; parentId says whose. One whose standard input is not kept any more is refused.",
        async (daemon, id, cancellation) => await daemon.RerunAsync(id, cancellation));
}
