using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The history in a SQLite file: what is written, table by table. How, is the <see cref="SqliteWriter"/>'s.</summary>
public sealed partial class SqliteJobStore : IJobStore
{
    private readonly string _path;
    private readonly SqliteWriter _writer;

    private SqliteJobStore(string path) => (_path, _writer) = (path, new SqliteWriter(path));

    /// <summary>The version of the schema that this program writes (PRAGMA user_version).</summary>
    public static int SchemaVersion => Schema.Current;

    /// <summary>The version that the file had when it was opened; 0 when it was empty.</summary>
    public int FoundVersion { get; private set; }

    /// <inheritdoc/>
    public string Description => SqliteLibrary.Description;

    /// <inheritdoc/>
    public long ReservedIds { get; private set; }

    /// <inheritdoc/>
    public bool WasLeftOpen { get; private set; }

    /// <inheritdoc/>
    public long WriteAheadBytes => new FileInfo(_path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    /// <summary>Opens the history in a file, which is made when it is not there, and brings it to the current schema.</summary>
    /// <exception cref="StoreException">It is a newer program's, or another's, or cannot be opened or written.</exception>
    public static SqliteJobStore Open(string path)
    {
        SqliteWriter.CreatePrivate(path);
        var store = new SqliteJobStore(path);
        try
        {
            store._writer.Use(store.TakeIntoUse);
            return store;
        }
        catch
        {
            store._writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<AdditionOutcome> Write(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Transact(batch.Durable, connection =>
        {
            OpenSummaries(connection, batch);
            var outcomes = new List<AdditionOutcome>(batch.Additions.Count);
            foreach (Addition addition in batch.Additions)
            {
                AdditionOutcome outcome = Claim(connection, addition);
                outcomes.Add(outcome);
                if (outcome.IsNew)
                {
                    _writer.Jobs.Write(JobRow.Of(addition.Job));
                }
            }

            foreach (Change change in batch.Changes)
            {
                _writer.Jobs.Write(JobRow.Of(change.Job));
            }

            WriteBesides(connection, batch, outcomes);
            Reserve(connection, batch.ReservedIds);

            return outcomes;
        }, committed: () => ReservedIds = batch.ReservedIds ?? ReservedIds);
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Delete(IReadOnlyList<long> ids) => Transact(durable: true, connection =>
        Remove(connection, ids));

    /// <inheritdoc/>
    public PruneStep Prune(RetentionCut cut, int most)
    {
        ArgumentNullException.ThrowIfNull(cut);
        return Transact(durable: false, connection => SqliteRetention.Prune(connection, cut, most));
    }

    /// <inheritdoc/>
    public void PutHost(HostRecord host) => Transact(durable: true, connection =>
        connection.Execute("INSERT OR REPLACE INTO hosts (name, address) VALUES (@Name, @Address)", host));

    /// <inheritdoc/>
    public bool DeleteHost(string name) => Transact(durable: true, connection =>
        connection.Execute("DELETE FROM hosts WHERE name = @name", new { name }) > 0);

    /// <inheritdoc/>
    public IJobReader OpenReader() => SqliteWriter.Guard(() => new SqliteJobReader(SqliteDatabase.OpenReader(_path)));

    /// <summary>Closes it and notes that it was closed.</summary>
    public void Dispose()
    {
        try
        {
            Transact(durable: true, connection =>
                connection.Execute("UPDATE counters SET value = 0 WHERE name = 'in_use'"));
        }
        catch (StoreException)
        {
            // The next start finds it left open, and looks whether it is damaged.
        }

        _writer.Dispose();
    }

    internal static IReadOnlyList<long> Remove(SqliteConnection connection, IReadOnlyList<long> ids)
    {
        const string Terminal = "state IN (5, 6, 7, 8)";

        // SQLite takes no list as one parameter; json_each is its way.
        string list = JsonSerializer.Serialize(ids);
        List<(long Id, long? Batch)> rows = [.. connection.Query<(long, long?)>(
            $"DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(@list)) AND {Terminal} RETURNING id, batch_id", new { list })];
        long[] removed = [.. rows.Select(row => row.Id)];
        RemoveEmpty(connection, rows.Select(row => row.Batch).OfType<long>().Distinct());
        string gone = JsonSerializer.Serialize(removed);
        SqliteRetention.RemoveOutputs(connection, gone);
        connection.Execute(
            """
            DELETE FROM labels WHERE job_id IN (SELECT value FROM json_each(@gone));
            DELETE FROM inputs WHERE job_id IN (SELECT value FROM json_each(@gone));
            DELETE FROM idempotency_keys WHERE job_id IN (SELECT value FROM json_each(@gone));
            """,
            new { gone });
        SqliteSummaries.RemoveEmpty(connection, removed);
        return removed;
    }

    private static void Reserve(SqliteConnection connection, long? ids)
    {
        if (ids is not null)
        {
            connection.Execute("UPDATE counters SET value = @ids WHERE name = 'reserved_ids'", new { ids });
        }
    }

    private static AdditionOutcome Claim(SqliteConnection connection, Addition addition)
    {
        if (addition.Key is not { } key)
        {
            return new AdditionOutcome(addition.Job.Id);
        }

        if (SqliteJobReader.FindKey(connection, key.Principal, key.Key, addition.Job.CreatedAt) is var (job, fingerprint))
        {
            return new AdditionOutcome(job, fingerprint);
        }

        connection.Execute(
            "INSERT OR REPLACE INTO idempotency_keys (principal, key, fingerprint, job_id, created_at) VALUES (@Principal, @Key, @Fingerprint, @Id, @At)",
            new { key.Principal, key.Key, key.Fingerprint, addition.Job.Id, At = SqliteValues.From(addition.Job.CreatedAt) });
        return new AdditionOutcome(addition.Job.Id);
    }

    /// <summary>What stands in the other tables: labels and input of new jobs, output of those that are over.</summary>
    private void WriteBesides(
        SqliteConnection connection, WriteBatch batch, List<AdditionOutcome> outcomes)
    {
        Addition[] added = [.. batch.Additions.Where((_, i) => outcomes[i].IsNew)];
        connection.Execute(
            "DELETE FROM labels WHERE job_id = @Id AND (key, value) NOT IN (SELECT key, value FROM json_each(@Labels))",
            batch.Changes.Where(change => change.HasHadLabels).Select(change => new { change.Job.Id, Labels = JsonSerializer.Serialize(change.Job.Labels) }));
        connection.Execute(
            "INSERT OR IGNORE INTO labels (key, value, job_id) VALUES (@Key, @Value, @Id)",
            added.Select(addition => addition.Job).Concat(batch.Changes.Select(change => change.Job))
                .SelectMany(job => job.Labels.Select(label => new { label.Key, label.Value, job.Id })));
        connection.Execute(
            "INSERT INTO inputs (job_id, stdin) VALUES (@Id, @Stdin)",
            added.Where(addition => !addition.Stdin.IsEmpty).Select(addition => new { addition.Job.Id, Stdin = addition.Stdin.ToArray() }));

        // Input is for attempts that have not started; what the runner has read of it by then is in its memory.
        connection.Execute(
            "DELETE FROM inputs WHERE job_id = @Id",
            batch.Changes.Where(change => change.Job.StdinMode == Jobs.StdinMode.Inline && !change.Job.MayStart).Select(change => new { change.Job.Id }));

        WriteOutputs(connection, batch);
    }

    private void WriteOutputs(SqliteConnection connection, WriteBatch batch)
    {
        List<Change> changes = [.. batch.Changes.Where(change => change.Output is { IsEmpty: false }).Reverse().DistinctBy(change => change.Job.Id)];
        if (changes.Count == 0)
        {
            return;
        }

        // What is replaced is taken from the sum as well.
        SqliteRetention.RemoveOutputs(connection, JsonSerializer.Serialize(changes.Select(change => change.Job.Id)));
        foreach (Change change in changes)
        {
            _writer.Outputs.Write(change.Job.Id, SqliteValues.From(change.Job.FinishedAt ?? change.Job.CreatedAt), change.Output!);
        }

        connection.Execute(
            "UPDATE counters SET value = value + @Bytes WHERE name = 'output_bytes'", new { Bytes = changes.Sum(change => change.Output!.Bytes) });
    }

    private int TakeIntoUse(SqliteConnection connection)
    {
        FoundVersion = Schema.Migrate(connection);
        ReservedIds = Math.Max(
            connection.ExecuteScalar<long>("SELECT value FROM counters WHERE name = 'reserved_ids'"),
            connection.ExecuteScalar<long?>("SELECT max(id) FROM jobs") ?? 0);
        WasLeftOpen = connection.ExecuteScalar<bool>("SELECT value FROM counters WHERE name = 'in_use'");
        return connection.Execute("UPDATE counters SET value = 1 WHERE name = 'in_use'");
    }

    private T Transact<T>(bool durable, Func<SqliteConnection, T> work, Action? committed = null) => _writer.Transact(durable, work, committed);
}
