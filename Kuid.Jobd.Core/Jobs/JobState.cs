namespace Kuid.Jobd.Core.Jobs;

/// <summary>Where a job is in its life. The numbers go to disk: append only.</summary>
public enum JobState
{
    /// <summary>Waits for its time or for other jobs.</summary>
    Scheduled = 1,

    /// <summary>Waits for a place in its queue.</summary>
    Queued = 2,

    /// <summary>Its process runs.</summary>
    Running = 3,

    /// <summary>It was cancelled and its process is being ended.</summary>
    Canceling = 4,

    /// <summary>Ended with exit code 0.</summary>
    Succeeded = 5,

    /// <summary>Ended otherwise, or never started.</summary>
    Failed = 6,

    /// <summary>Ended because somebody, or the daemon's stop, wanted it to.</summary>
    Canceled = 7,

    /// <summary>The daemon died while it ran and cannot know how it ended.</summary>
    Lost = 8,
}

/// <summary>What happens to a job.</summary>
public enum JobEvent
{
    /// <summary>What it waited for has come.</summary>
    Due,

    /// <summary>It has its place and is about to be executed.</summary>
    Start,

    /// <summary>It is to end.</summary>
    Cancel,

    /// <summary>It ended with exit code 0.</summary>
    Succeed,

    /// <summary>It ended otherwise, or cannot start.</summary>
    Fail,

    /// <summary>A daemon finds it running that did not start it.</summary>
    Lose,

    /// <summary>It ended otherwise and is to be tried again.</summary>
    Retry,

    /// <summary>It is to wait for something after all.</summary>
    Defer,
}
