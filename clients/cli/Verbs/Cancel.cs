namespace Kuid.Cli.Verbs;

/// <summary><c>kuid cancel</c>: jobs that shall end, or never start.</summary>
internal static class Cancel
{
    private const string Details =
        "Those that wait never start, those that run get SIGTERM and, after their grace, SIGKILL. It does not wait for that. "
        + "A job that has ended stays as it ended, and that is no error.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions) => new JobSelection("cancel").Create(
        daemonOptions,
        "cancel",
        "Cancel jobs.",
        Details,
        async (daemon, id, cancellation) => await daemon.CancelAsync(id, cancellation));
}
