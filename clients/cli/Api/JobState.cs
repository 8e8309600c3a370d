namespace Kuid.Cli.Api;

/// <summary>The words for a job's state.</summary>
internal static class JobState
{
    internal const string Succeeded = "succeeded";
    internal const string Failed = "failed";
    internal const string Canceled = "canceled";
    internal const string Lost = "lost";

    /// <summary>The states of jobs that have not ended, in the order in which a job passes them.</summary>
    internal static readonly string[] Live = ["scheduled", "queued", "running", "canceling"];

    /// <summary>Every state.</summary>
    internal static readonly string[] All = [.. Live, Succeeded, Failed, Canceled, Lost];
}
