using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The summaries of jobs, which every job that is written has to be in agreement with.</summary>
public sealed partial class SqliteJobStore
{
    // Up to which id jobs are summarized, or higher; null when it is not known.
    private long? _summarized;

    /// <inheritdoc/>
    public bool Summarize(int jobs, int newest)
    {
        // Whatever becomes of the transaction, it is read anew.
        _summarized = null;
        return Transact(durable: false, connection => SqliteSummaries.Summarize(connection, jobs, newest));
    }

    // Nearly all jobs are newer than the summaries, and a comparison is all that this costs them.
    private void OpenSummaries(SqliteConnection connection, WriteBatch batch)
    {
        _summarized ??= SqliteSummaries.SealedUpTo(connection);
        foreach (Addition addition in batch.Additions)
        {
            OpenSummary(connection, addition.Job);
        }

        foreach (Change change in batch.Changes)
        {
            OpenSummary(connection, change.Job);
        }
    }

    private void OpenSummary(SqliteConnection connection, JobRecord job)
    {
        if (job.Id <= _summarized)
        {
            SqliteSummaries.Open(connection, job.Id, job.CreatedAt);
        }
    }
}
