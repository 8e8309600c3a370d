namespace Kuid.Jobd.Core.Jobs;

/// <summary>Why a job ended, or waits. The numbers go to disk and the words to JSON: append only.</summary>
public enum JobReason
{
    /// <summary>Its process exited.</summary>
    Exit = 1,

    /// <summary>A signal that this daemon did not send ended its process.</summary>
    Signal = 2,

    /// <summary>It took longer than it was given.</summary>
    Timeout = 3,

    /// <summary>Its process could not be started.</summary>
    Spawn = 4,

    /// <summary>It wrote more than it was allowed to, or more than there is room for.</summary>
    OutputLimit = 5,

    /// <summary>It waits for jobs that it comes after, or one of them did not end as it had to.</summary>
    Dependency = 6,

    /// <summary>Somebody cancelled it.</summary>
    Canceled = 7,

    /// <summary>The daemon was stopped.</summary>
    Shutdown = 8,

    /// <summary>The daemon died.</summary>
    Lost = 9,

    /// <summary>Its host could not be reached.</summary>
    Unreachable = 10,

    /// <summary>Its pipeline failed.</summary>
    Evaluation = 11,

    /// <summary>Its standard input did not arrive whole.</summary>
    Stdin = 12,

    /// <summary>It waits for the time that it is not to start before.</summary>
    Time = 13,

    /// <summary>It waits for its next attempt.</summary>
    Retry = 14,

    /// <summary>It had not started when it had to.</summary>
    Expired = 15,

    /// <summary>What it posted was accepted.</summary>
    Delivered = 16,

    /// <summary>What it posted was answered, and not accepted.</summary>
    Rejected = 17,
}
