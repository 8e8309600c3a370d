using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>The numbers of the contract.</summary>
internal static class SubmissionLimits
{
    /// <summary>The longest single argument or variable that Linux takes (MAX_ARG_STRLEN, less the NUL), in bytes.</summary>
    internal const int ArgumentBytes = 131071;

    /// <summary>The longest pipeline, in bytes: as long as a command may be.</summary>
    internal const int PipelineBytes = ArgumentBytes;

    internal const int Hosts = 100;
    internal const int HostLength = 1024;
    internal const int HostNameLength = 63;

    /// <summary>The longest path (PATH_MAX, less the NUL), in bytes.</summary>
    internal const int PathBytes = 4095;

    internal const int NameLength = 200;
    internal const int QueueLength = 63;
    internal const int Labels = 32;
    internal const int LabelKeyLength = 63;
    internal const int LabelValueLength = 256;
    internal const int StdinBytes = 1024 * 1024;
    internal const int Priority = 1000;

    /// <summary>How much of each stream a job keeps unless it says otherwise, and at most.</summary>
    internal const long JobOutputBytes = 64L * 1024 * 1024;

    internal const long MostJobOutputBytes = 1024L * 1024 * 1024;

    /// <summary>The same for exec, whose answer is made in memory.</summary>
    internal const long ExecOutputBytes = 1024 * 1024;

    internal const long MostExecOutputBytes = 16L * 1024 * 1024;

    internal const int Attempts = 100;
    internal const int Concurrency = 10_000;
    internal const int After = 100;
    internal const int KeyLength = 200;

    /// <summary>The longest pause before a second attempt that can be asked for: as long as any pause gets.</summary>
    internal const double RetryBackoffSeconds = 3600;

    /// <summary>The longest time that a job can be given to start, a year.</summary>
    internal const double ExpirySeconds = 365 * 24 * 3600;

    /// <summary>The name of the queue of jobs that name none.</summary>
    internal const string DefaultQueue = "default";

    /// <summary>How long streams are read after the exit while others hold them.</summary>
    internal static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>The pause before a second attempt of jobs that do not say.</summary>
    internal static readonly TimeSpan RetryBackoff = TimeSpan.FromSeconds(1);

    internal static readonly double LongestSeconds = JobSpec.LongestTime.TotalSeconds;
}
