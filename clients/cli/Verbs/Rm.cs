namespace Kuid.Cli.Verbs;

/// <summary><c>kuid rm</c>: jobs that shall be forgotten.</summary>
internal static class Rm
{
    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions) => new JobSelection("delete").Create(
        daemonOptions,
        "rm",
        "Remove the records of jobs that have ended.",
        "Their output goes too, for good. A job that has not ended is refused; cancel it first.",
        async (daemon, id, cancellation) =>
        {
            await daemon.DeleteAsync(id, cancellation);
            return null;
        });
}
