using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Batches;

/// <summary>
/// A batch while some of its jobs are not over; they share it. Where the first that fails is to stop the others, it is before the
/// place of that one is given to another.
/// </summary>
/// <param name="record">The batch, which has its id.</param>
internal sealed class LiveBatch(BatchRecord record)
{
    private readonly Lock _gate = new();
    private readonly List<Job> _members = [];
    private string? _stoppedBy = record.Stopped ? "its batch had been stopped" : null;

    internal long Id { get; } = record.Id;

    /// <summary>How many of its jobs may run at once; null for any number.</summary>
    internal int? MaxParallel { get; } = record.MaxParallel;

    /// <summary>Takes a job that is to wait; where the batch has been stopped it is cancelled.</summary>
    internal void Enter(Job job)
    {
        string? stoppedBy;
        lock (_gate)
        {
            stoppedBy = _stoppedBy;
            if (stoppedBy is null && record.StopOnFailure)
            {
                _members.Add(job);
            }
        }

        if (stoppedBy is not null)
        {
            job.TryCancelWaiting(stoppedBy);
        }
    }

    /// <summary>One of its jobs is over: if it failed, and that is what the batch wants, those that wait are cancelled.</summary>
    /// <returns>Whether this has stopped it.</returns>
    internal bool Ended(Job job)
    {
        if (!record.StopOnFailure || job.State is not (JobState.Failed or JobState.Lost))
        {
            return false;
        }

        Job[] members;
        string stoppedBy = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"job {job.Id} of its batch failed");
        lock (_gate)
        {
            if (_stoppedBy is not null)
            {
                return false;
            }

            _stoppedBy = stoppedBy;
            members = [.. _members];
            _members.Clear();
        }

        foreach (Job member in members)
        {
            member.TryCancelWaiting(stoppedBy);
        }

        return true;
    }
}
