using System.Text.Json;
using Dapper;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>What is read of batches. The index jobs_by_batch has all that is counted, so no row of a job is looked at.</summary>
internal sealed partial class SqliteJobReader
{
    private const string Columns = "id, name, principal, created_at, max_parallel, stop_on_failure, stopped";

    public BatchRecord? FindBatch(long id) => Guard(() => connection.QuerySingleOrDefault<BatchRow>(
        $"SELECT {Columns} FROM batches WHERE id = @id", new { id })?.ToRecord());

    public IReadOnlyList<BatchJob> JobsOfBatch(long id) => Guard(() => connection.Query<(long Id, int State, long? FinishedAt)>(
        "SELECT id, state, finished_at FROM jobs WHERE batch_id = @id ORDER BY id", new { id })
        .Select(job => new BatchJob(job.Id, (JobState)job.State, SqliteValues.ToTime(job.FinishedAt))).ToList());

    public BatchPage ListBatches(long? before, int limit) => Guard(() =>
    {
        List<BatchRecord> batches = [.. connection.Query<BatchRow>(
            $"SELECT {Columns} FROM batches WHERE id < @before ORDER BY id DESC LIMIT @limit",
            new { before = before ?? long.MaxValue, limit = limit + 1 }).Select(row => row.ToRecord())];
        bool more = batches.Count > limit;
        List<BatchRecord> page = batches[..Math.Min(limit, batches.Count)];
        ILookup<long, (long Batch, int State, int Count, long? Last)> counts = connection.Query<(long Batch, int State, int Count, long? Last)>(
            """
            SELECT batch_id, state, count(*), max(finished_at) FROM jobs
              WHERE batch_id IN (SELECT value FROM json_each(@ids)) GROUP BY batch_id, state
            """,
            new { ids = JsonSerializer.Serialize(page.Select(batch => batch.Id)) }).ToLookup(row => row.Batch);
        return new BatchPage(
            [.. page.Select(batch => new BatchStatus(
                batch,
                counts[batch.Id].ToDictionary(row => (JobState)row.State, row => row.Count),
                SqliteValues.ToTime(counts[batch.Id].Max(row => row.Last))))],
            more ? page[^1].Id : null);
    });

    public IReadOnlyList<BatchRecord> BatchesOf(IReadOnlyList<long> ids) => Guard(() => connection.Query<BatchRow>(
        $"""
        SELECT id, name, principal, created_at, max_parallel, stop_on_failure,
            stopped OR (stop_on_failure AND EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id AND state IN (6, 8))) AS stopped
          FROM batches WHERE id IN (SELECT value FROM json_each(@ids))
        """,
        new { ids = JsonSerializer.Serialize(ids) }).Select(row => row.ToRecord()).ToList());

    private sealed class BatchRow
    {
        public long Id { get; init; }

        public string? Name { get; init; }

        public string Principal { get; init; } = string.Empty;

        public long CreatedAt { get; init; }

        public int? MaxParallel { get; init; }

        public bool StopOnFailure { get; init; }

        public bool Stopped { get; init; }

        internal BatchRecord ToRecord() =>
            new(Id, Name, Principal, SqliteValues.ToTime(CreatedAt), MaxParallel, StopOnFailure, Stopped);
    }
}
