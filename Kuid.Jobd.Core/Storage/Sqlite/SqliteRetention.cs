using System.Text.Json;
using Dapper;
using Kuid.Jobd.Core.Jobs;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>
/// The two halves of the retention: finding where to cut, which may look at the whole history and is done by a reader, and
/// removing a little of what lies before the cut, which is done between the batches of the writer.
/// </summary>
internal static class SqliteRetention
{
    internal static RetentionCut Cut(SqliteConnection connection, RetentionPolicy policy, DateTime now) => new(
        policy.Records.ToDictionary(
            state => state.Key,
            state => new RecordCut(
                state.Value.Age is { } age ? now - age : null,
                state.Value.Count is { } count
                    ? connection.QuerySingleOrDefault<long?>(
                        "SELECT id FROM jobs WHERE state = @state ORDER BY id DESC LIMIT 1 OFFSET @count", new { state = (int)state.Key, count })
                    : null)),
        Latest(policy.OutputAge is { } kept ? now - kept : null, BeyondBytes(connection, policy.OutputBytes)),
        now - IdempotencyKey.Lifetime);

    internal static PruneStep Prune(SqliteConnection connection, RetentionCut cut, int most)
    {
        int keys = connection.Execute(
            """
            DELETE FROM idempotency_keys WHERE (principal, key) IN
              (SELECT principal, key FROM idempotency_keys WHERE created_at < @before LIMIT @most)
            """,
            new { before = SqliteValues.From(cut.KeysBefore), most });
        List<long> outputs = PruneOutputs(connection, cut, most - keys);
        return new PruneStep(PruneRecords(connection, cut, most - keys - outputs.Count), outputs, keys);
    }

    /// <summary>Removes the output of jobs, and what it adds to the sum.</summary>
    /// <param name="ids">A JSON array.</param>
    internal static void RemoveOutputs(SqliteConnection connection, string ids)
    {
        long bytes = connection.Query<long>(
            "DELETE FROM outputs WHERE job_id IN (SELECT value FROM json_each(@ids)) RETURNING stdout_bytes + stderr_bytes", new { ids }).Sum();
        if (bytes > 0)
        {
            connection.Execute("UPDATE counters SET value = value - @bytes WHERE name = 'output_bytes'", new { bytes });
        }
    }

    private static IReadOnlyList<long> PruneRecords(SqliteConnection connection, RetentionCut cut, int most)
    {
        var gone = new List<long>();
        foreach ((JobState state, RecordCut bounds) in cut.Records)
        {
            gone.AddRange(connection.Query<long>(
                """
                SELECT id FROM (SELECT id FROM jobs WHERE state = @state AND finished_at < @before ORDER BY finished_at LIMIT @most)
                UNION
                SELECT id FROM (SELECT id FROM jobs WHERE state = @state AND id <= @upTo ORDER BY id LIMIT @most)
                LIMIT @most
                """,
                new
                {
                    state = (int)state,
                    before = SqliteValues.From(bounds.EndedBefore) ?? long.MinValue,
                    upTo = bounds.UpTo ?? 0,
                    most = Math.Max(most - gone.Count, 0),
                }));
        }

        return gone.Count == 0 ? gone : SqliteJobStore.Remove(connection, gone);
    }

    private static List<long> PruneOutputs(SqliteConnection connection, RetentionCut cut, int most)
    {
        if (cut.OutputsBefore is not { } before)
        {
            return [];
        }

        List<long> gone = [.. connection.Query<long>(
            "SELECT job_id FROM outputs WHERE finished_at < @before ORDER BY finished_at LIMIT @most",
            new { before = SqliteValues.From(before), most })];
        if (gone.Count > 0)
        {
            string ids = JsonSerializer.Serialize(gone);
            RemoveOutputs(connection, ids);
            connection.Execute(
                "UPDATE jobs SET output_pruned = 1, version = version + 1 WHERE id IN (SELECT value FROM json_each(@ids))", new { ids });
        }

        return gone;
    }

    /// <summary>The end of the newest job whose output is too much; null while the sum is within bounds.</summary>
    private static DateTime? BeyondBytes(SqliteConnection connection, long? bytes)
    {
        if (bytes is not { } most || connection.ExecuteScalar<long>("SELECT value FROM counters WHERE name = 'output_bytes'") <= most)
        {
            return null;
        }

        long sum = 0;
        foreach ((long finishedAt, long size) in connection.Query<(long, long)>(
            "SELECT finished_at, stdout_bytes + stderr_bytes FROM outputs ORDER BY finished_at DESC", buffered: false))
        {
            sum += size;
            if (sum > most)
            {
                return SqliteValues.ToTime(finishedAt + 1);
            }
        }

        return null;
    }

    private static DateTime? Latest(DateTime? a, DateTime? b) => a is null || b > a ? b : a;
}
