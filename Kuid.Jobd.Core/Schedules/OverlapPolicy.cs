namespace Kuid.Jobd.Core.Schedules;

/// <summary>What a schedule does when it is due and its last job is not over.</summary>
public enum OverlapPolicy
{
    /// <summary>It makes no job this time.</summary>
    Skip,

    /// <summary>It makes one that waits until the last one is over.</summary>
    Queue,

    /// <summary>It cancels the last one, and makes one that starts when that is over.</summary>
    Replace,
}
