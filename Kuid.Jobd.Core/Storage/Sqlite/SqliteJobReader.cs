using System.Text.Json;
using Dapper;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A connection that only reads; it owns it.</summary>
internal sealed partial class SqliteJobReader(SqliteConnection connection) : IJobReader
{
    // Commands and variables may be large: a page of them ends early rather than fill the memory.
    private const long MostBytesAPage = 4 * 1024 * 1024;

    public JobRecord? Find(long id) => Guard(() =>
        connection.QuerySingleOrDefault<JobRow>($"SELECT {JobSql.Columns} FROM jobs WHERE id = @id", new { id })?.ToRecord());

    public JobPage List(JobQuery query) => Guard(() =>
    {
        var jobs = new List<JobRecord>();
        long bytes = 0;
        foreach (JobRow row in new SqliteJobSearch(connection, query).Rows())
        {
            bytes += row.Command.Length + (row.Env?.Length ?? 0);
            if (jobs.Count == query.Limit || (jobs.Count > 0 && bytes > MostBytesAPage))
            {
                return new JobPage(jobs, jobs[^1].Id);
            }

            jobs.Add(row.ToRecord());
        }

        return new JobPage(jobs, Next: null);
    });

    public IReadOnlyList<JobRecord> InStates(IReadOnlyList<JobState> states) => Guard(() => connection.Query<JobRow>(
        $"SELECT {JobSql.Columns} FROM jobs WHERE state IN (SELECT value FROM json_each(@states)) ORDER BY id",
        new { states = JsonSerializer.Serialize(states.Select(state => (int)state)) }).Select(row => row.ToRecord()).ToList());

    public IReadOnlyDictionary<long, JobState> States(IReadOnlyList<long> ids) => Guard(() => connection.Query<(long Id, int State)>(
        "SELECT id, state FROM jobs WHERE id IN (SELECT value FROM json_each(@ids))",
        new { ids = JsonSerializer.Serialize(ids) }).ToDictionary(row => row.Id, row => (JobState)row.State));

    public IReadOnlyList<QueueRecord> Queues() => Guard(() => connection.Query<(string Name, int? Concurrency, bool Paused, bool Draining)>(
        "SELECT name, concurrency, paused, draining FROM queues ORDER BY name")
        .Select(row => new QueueRecord(row.Name, row.Concurrency, row.Paused, row.Draining)).ToList());

    public byte[] ReadStdin(long id) => Guard(() =>
        connection.ExecuteScalar<byte[]?>("SELECT stdin FROM inputs WHERE job_id = @id", new { id }) ?? []);

    public KeptOutput? ReadOutput(long id) => Guard(() => connection.QuerySingleOrDefault<KeptOutput>(
        "SELECT shape, stdout, stderr, stdout_bytes, stderr_bytes FROM outputs WHERE job_id = @id", new { id }));

    public IReadOnlySet<long> WithOutput(IReadOnlyList<long> ids) => Guard(() => connection.Query<long>(
        "SELECT job_id FROM outputs WHERE job_id IN (SELECT value FROM json_each(@ids))",
        new { ids = JsonSerializer.Serialize(ids) }).ToHashSet());

    public (long Job, byte[] Fingerprint)? FindKey(string principal, string key, DateTime now) =>
        Guard(() => FindKey(connection, principal, key, now));

    public IReadOnlyList<HostRecord> Hosts() => Guard(() =>
        connection.Query<HostRecord>("SELECT name, address FROM hosts ORDER BY name").ToList());

    public IReadOnlyList<ScheduleRecord> Schedules() => Guard(() => SqliteJobStore.Schedules(connection));

    public RetentionCut Cut(RetentionPolicy policy, DateTime now) => Guard(() => SqliteRetention.Cut(connection, policy, now));

    public string? Check() => Guard(() =>
        connection.QuerySingleOrDefault<string>("PRAGMA quick_check(1)", commandTimeout: 0) is { } verdict && verdict != "ok" ? verdict : null);

    public void Dispose() => connection.Dispose();

    internal static (long Job, byte[] Fingerprint)? FindKey(
        SqliteConnection connection, string principal, string key, DateTime now)
    {
        (long Job, byte[]? Fingerprint) found = connection.QuerySingleOrDefault<(long, byte[]?)>(
            "SELECT job_id, fingerprint FROM idempotency_keys WHERE principal = @principal AND key = @key AND created_at >= @after",
            new { principal, key, after = SqliteValues.From(now - IdempotencyKey.Lifetime) });
        return found.Fingerprint is { } fingerprint ? (found.Job, fingerprint) : null;
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw SqliteDatabase.Explain(e);
        }
    }
}
