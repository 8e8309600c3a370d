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

/// <summary>The output of a job, held open.</summary>
/// <param name="Log">The log; null when it has been removed, before its job.</param>
public sealed record OutputReading(OutputLog? Log) : IDisposable
{
    /// <summary>Lets go of it.</summary>
    public void Dispose() => Log?.Dispose();
}

/// <summary>A job that came when the daemon had begun to stop.</summary>
public sealed class DaemonStoppingException() : InvalidOperationException("the daemon is stopping and takes no more jobs");

/// <summary>A job that came when too many waited.</summary>
/// <param name="message">How many may wait.</param>
public sealed class QueueFullException(string message) : InvalidOperationException(message);
