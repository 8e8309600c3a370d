namespace Kuid.Jobd.Core.Queues;

/// <summary>A queue as it is at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Concurrency">How many of its jobs run at once.</param>
/// <param name="Paused">Whether none is started.</param>
/// <param name="Draining">Whether none is taken.</param>
/// <param name="Waiting">How many of its jobs could run.</param>
/// <param name="Running">How many run.</param>
/// <param name="Scheduled">How many wait for a time, another job or their next attempt.</param>
public sealed record QueueStatus(string Name, int Concurrency, bool Paused, bool Draining, int Waiting, int Running, int Scheduled)
{
    /// <summary>Whether it has no job.</summary>
    internal bool IsEmpty => Waiting + Running + Scheduled == 0;
}

/// <summary>What became of the removal of a queue.</summary>
public enum QueueRemoval
{
    /// <summary>Nothing is known of it any more.</summary>
    Removed,

    /// <summary>There are jobs in it, and it stays.</summary>
    NotEmpty,

    /// <summary>There is none.</summary>
    NoSuchQueue,
}
