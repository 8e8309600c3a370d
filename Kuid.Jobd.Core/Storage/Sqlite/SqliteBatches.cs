using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>Jobs that come together: the table batches, and all rows of them in one transaction.</summary>
public sealed partial class SqliteJobStore
{
    /// <inheritdoc/>
    public GroupOutcome AddAll(JobGroup group, long? reservedIds)
    {
        ArgumentNullException.ThrowIfNull(group);
        return Transact(durable: true, connection =>
        {
            AdditionOutcome first = Claim(connection, group.Jobs[0] with { Key = group.Key });
            if (!first.IsNew)
            {
                return new GroupOutcome(first, Batch: null);
            }

            long? batch = group.Batch is { } made ? Add(connection, made) : null;
            Addition[] jobs = [.. group.Jobs.Select(addition => addition with { Job = addition.Job with { BatchId = batch ?? addition.Job.BatchId } })];
            OpenSummaries(connection, new WriteBatch { Additions = jobs });
            Array.ForEach(jobs, addition => _writer.Jobs.Write(JobRow.Of(addition.Job)));
            WriteBesides(connection, new WriteBatch { Additions = jobs }, [.. jobs.Select(addition => new AdditionOutcome(addition.Job.Id))]);
            Reserve(connection, reservedIds);
            return new GroupOutcome(first, batch);
        }, committed: () => ReservedIds = reservedIds ?? ReservedIds);
    }

    /// <inheritdoc/>
    public bool StopBatch(long id) => Transact(durable: true, connection =>
        connection.Execute("UPDATE batches SET stopped = 1 WHERE id = @id AND stopped = 0", new { id }) > 0);

    // A batch goes with the last of its jobs; its number is not given again.
    private static void RemoveEmpty(SqliteConnection connection, IEnumerable<long> batches) => connection.Execute(
        """
        DELETE FROM batches WHERE id IN (SELECT value FROM json_each(@ids))
          AND NOT EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id)
        """,
        new { ids = JsonSerializer.Serialize(batches) });

    private static long Add(SqliteConnection connection, BatchRecord batch) => connection.ExecuteScalar<long>(
        """
        UPDATE counters SET value = value + 1 WHERE name = 'batches';
        INSERT INTO batches (id, name, principal, created_at, max_parallel, stop_on_failure, stopped)
          VALUES ((SELECT value FROM counters WHERE name = 'batches'), @Name, @Principal, @CreatedAt, @MaxParallel, @StopOnFailure, @Stopped)
          RETURNING id
        """,
        new
        {
            batch.Name,
            batch.Principal,
            CreatedAt = SqliteValues.From(batch.CreatedAt),
            batch.MaxParallel,
            batch.StopOnFailure,
            batch.Stopped,
        });
}
