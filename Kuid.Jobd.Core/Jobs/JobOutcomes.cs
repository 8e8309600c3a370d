using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>What became of a submission.</summary>
/// <param name="Job">The job; for a key that was used for something else, the job of that.</param>
/// <param name="Kind">Whether it is a new one.</param>
public sealed record Acceptance(JobRecord Job, AcceptanceKind Kind);

/// <summary>What became of a submission of several jobs together.</summary>
/// <param name="Jobs">The jobs, in the order of the submission; of one that came before only the first, if it is still there.</param>
/// <param name="Batch">The id of their batch; null for those that are none.</param>
/// <param name="Kind">Whether they are new.</param>
public sealed record GroupAcceptance(IReadOnlyList<JobRecord> Jobs, long? Batch, AcceptanceKind Kind);

/// <summary>What a submission turned out to be.</summary>
public enum AcceptanceKind
{
    /// <summary>A new job.</summary>
    New,

    /// <summary>One that came before under the same key.</summary>
    Replayed,

    /// <summary>Something else under a key that is taken; no job was made.</summary>
    KeyReused,
}

/// <summary>What became of a signal.</summary>
public enum SignalOutcome
{
    /// <summary>A process got it.</summary>
    Sent,

    /// <summary>There is no process now.</summary>
    NotRunning,

    /// <summary>There is no job.</summary>
    NoSuchJob,
}

/// <summary>What became of a removal.</summary>
public enum DeleteOutcome
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It is not over, and stays.</summary>
    NotEnded,

    /// <summary>There is no job.</summary>
    NoSuchJob,
}

/// <summary>What of a job that waits is to be otherwise; what is null stays.</summary>
public sealed record JobUpdate
{
    /// <summary>Its place in the queue.</summary>
    public int? Priority { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Its labels, all of them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>When it may start at the earliest, UTC.</summary>
    public DateTime? NotBefore { get; init; }
}

/// <summary>What became of a change.</summary>
public enum UpdateOutcome
{
    /// <summary>It is so now.</summary>
    Updated,

    /// <summary>There is no job.</summary>
    NoSuchJob,

    /// <summary>It waits no longer.</summary>
    NotQueued,

    /// <summary>It has another version than the one that was expected.</summary>
    VersionMismatch,
}

/// <summary>The output of a job, held open.</summary>
/// <param name="Log">The log; null when it has been removed, before its job.</param>
public sealed record OutputReading(OutputLog? Log) : IDisposable
{
    /// <summary>Lets go of it.</summary>
    public void Dispose() => Log?.Dispose();
}

/// <summary>A job that came when the daemon had begun to stop.</summary>
public sealed class DaemonStoppingException() : InvalidOperationException("the daemon is stopping and takes no more jobs");

/// <summary>A job that is not to come while another of its concurrency key is there.</summary>
/// <param name="key">The key.</param>
/// <param name="job">The id of the other job.</param>
public sealed class KeyTakenException(string key, long job) : InvalidOperationException($"job {job} with the key \"{key}\" waits or runs")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The id of the other job.</summary>
    public long Job { get; } = job;
}

/// <summary>A job for a queue that takes no more.</summary>
/// <param name="queue">The queue.</param>
public sealed class QueueDrainingException(string queue) : InvalidOperationException($"the queue {queue} is draining and takes no more jobs")
{
    /// <summary>The queue.</summary>
    public string Queue { get; } = queue;
}

/// <summary>A job that is to be repeated and whose input is not kept any more.</summary>
/// <param name="message">Which, and what has become of it.</param>
public sealed class InputGoneException(string message) : InvalidOperationException(message);

/// <summary>A job that came when too many waited.</summary>
/// <param name="message">How many may wait.</param>
public sealed class QueueFullException(string message) : InvalidOperationException(message);
