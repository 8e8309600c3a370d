using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>
/// What is known of jobs by the thousand: between which moments they were submitted, and which n-grams are in their names and commands
/// (<see cref="GramFilter"/>). A list passes over those that cannot have what it looks for.
/// </summary>
/// <remarks>
/// Ids ascend and the clock may step back, so an index by time gives no order by id; and no index that is brought up to date with each
/// job finds text inside a command cheaply. A summary costs a moment for a thousand jobs, after they were taken in. It may say too much
/// and never too little: jobs that go leave it as it is, and it is opened for one that comes late, whose id was given out before
/// (<see cref="Open"/>). The jobs after the last summary are looked at one by one.
/// </remarks>
internal static class SqliteSummaries
{
    // The function that queries call (SqliteJobSearch).
    internal const string MayHave = "may_have_gram";

    // What is longer is not looked through, and its summary tells nothing of text.
    private const int LongestText = 64 * 1024;

    /// <summary>Summarizes the next jobs, in a transaction of the caller's.</summary>
    /// <param name="jobs">How many at most; fewer where their texts are rich.</param>
    /// <param name="newest">How many of the newest are left for later: some that were given an id among them may still be on their way.</param>
    /// <returns>Whether there were enough of them.</returns>
    internal static bool Summarize(SqliteConnection connection, int jobs, int newest)
    {
        long sealedUpTo = SealedUpTo(connection);
        long upTo = (connection.ExecuteScalar<long?>("SELECT max(id) FROM jobs") ?? 0) - newest;
        if (upTo - sealedUpTo < jobs)
        {
            return false;
        }

        var filter = new GramFilter();
        bool knowsText = true;
        long last = 0, oldest = long.MaxValue, latest = long.MinValue;
        int count = 0;
        foreach ((long id, long createdAt, byte[]? name, byte[]? command) in connection.Query<(long, long, byte[]?, byte[]?)>(
            "SELECT id, created_at, CAST(name AS BLOB), iif(length(command) <= @LongestText, command, NULL) FROM jobs NOT INDEXED "
            + "WHERE id > @sealedUpTo AND id <= @upTo ORDER BY id LIMIT @jobs",
            new { LongestText, sealedUpTo, upTo, jobs },
            buffered: false))
        {
            (last, oldest, latest) = (id, Math.Min(oldest, createdAt), Math.Max(latest, createdAt));
            filter.Add(name);
            filter.Add(command);
            knowsText &= command is not null;
            count++;
            if (filter.IsFull || !knowsText)
            {
                break;
            }
        }

        if (count < jobs && !filter.IsFull && knowsText)
        {
            return false;
        }

        connection.Execute(
            "INSERT INTO summaries (last_id, first_id, oldest, newest) VALUES (@last, @first, @oldest, @latest)",
            new { last, first = sealedUpTo + 1, oldest, latest });
        if (knowsText && filter.IsUseful)
        {
            connection.Execute(
                "INSERT INTO summary_grams (part, last_id, bits) VALUES (@part, @last, @bits)",
                Enumerable.Range(0, GramFilter.Parts).Select(part => new { part, last, bits = filter.Part(part) }));
        }

        return true;
    }

    /// <summary>Sees to it that no summary excludes a job that is about to be written and may be new.</summary>
    internal static void Open(SqliteConnection connection, long id, DateTime createdAt)
    {
        long? last = connection.ExecuteScalar<long?>(
            """
            UPDATE summaries SET first_id = min(first_id, @id), oldest = min(oldest, @at), newest = max(newest, @at)
            WHERE last_id = (SELECT min(last_id) FROM summaries WHERE last_id >= @id) AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = @id)
            RETURNING last_id
            """,
            new { id, at = SqliteValues.From(createdAt) });
        if (last is not null)
        {
            ForgetText(connection, last.Value);
        }
    }

    /// <summary>Forgets the summaries of which no job is left.</summary>
    /// <param name="gone">Jobs that have been removed.</param>
    internal static void RemoveEmpty(SqliteConnection connection, IReadOnlyList<long> gone)
    {
        foreach (long last in connection.Query<long>(
            """
            DELETE FROM summaries WHERE last_id IN
                (SELECT (SELECT min(last_id) FROM summaries WHERE last_id >= value) FROM json_each(@gone))
              AND NOT EXISTS (SELECT 1 FROM jobs WHERE id BETWEEN first_id AND last_id)
            RETURNING last_id
            """,
            new { gone = JsonSerializer.Serialize(gone) }))
        {
            ForgetText(connection, last);
        }
    }

    /// <summary>The id up to which jobs are summarized; 0 when none is.</summary>
    internal static long SealedUpTo(SqliteConnection connection) =>
        connection.ExecuteScalar<long?>("SELECT max(last_id) FROM summaries") ?? 0;

    /// <summary>Makes known to a connection what <see cref="Matching"/> calls.</summary>
    internal static void Register(SqliteConnection connection) =>
        connection.CreateFunction<byte[]?, long, bool>(MayHave, GramFilter.MayHave, isDeterministic: true);

    /// <summary>The summarized ids, the newest first, among which jobs may match a query's times and text.</summary>
    internal static IEnumerable<(long First, long Last)> Matching(SqliteConnection connection, JobQuery query, ReadOnlyMemory<byte> text, long before)
    {
        var parameters = new DynamicParameters(new
        {
            before,
            createdAfter = SqliteValues.From(query.CreatedAfter),
            createdBefore = SqliteValues.From(query.CreatedBefore),
        });
        string joins = string.Empty;
        string filters = (query.CreatedAfter is null ? string.Empty : " AND newest >= @createdAfter")
            + (query.CreatedBefore is null ? string.Empty : " AND oldest < @createdBefore");
        foreach ((int i, long gram) in GramFilter.GramsOf(text.Span).Index())
        {
            parameters.Add($"gram{i}", gram);
            parameters.Add($"part{i}", GramFilter.PartOf(gram));
            joins += $" LEFT JOIN summary_grams g{i} ON g{i}.part = @part{i} AND g{i}.last_id = summaries.last_id";
            filters += $" AND {MayHave}(g{i}.bits, @gram{i})";
        }

        return connection.Query<(long, long)>(
            $"SELECT first_id, summaries.last_id FROM summaries{joins} WHERE first_id < @before{filters} ORDER BY summaries.last_id DESC",
            parameters,
            buffered: false);
    }

    // A summary without its grams excludes no text.
    private static void ForgetText(SqliteConnection connection, long last) => connection.Execute(
        "DELETE FROM summary_grams WHERE part = @part AND last_id = @last",
        Enumerable.Range(0, GramFilter.Parts).Select(part => new { part, last }));
}
