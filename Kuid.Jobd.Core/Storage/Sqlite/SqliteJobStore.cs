using System.Text.Json;
using Dapper;
using Kuid.Jobd.Core.Native;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The history in a SQLite file. It owns the one connection that ever writes or checkpoints.</summary>
/// <remarks>
/// <para>
/// One writer is the rule for two reasons: a second one could only wait, and up to version 3.51.2 SQLite may damage a
/// database whose WAL is written and checkpointed from several connections at once.
/// </para>
/// <para>
/// <c>synchronous</c> is FULL for a batch that somebody was promised and NORMAL for the others: then a commit survives the
/// death of the daemon but perhaps not the loss of power, and costs no fsync. Either way the file stays consistent.
/// </para>
/// <para>
/// A connection that has failed is closed and opened anew at the next call: after an I/O error SQLite's own state is not to
/// be relied on. A file that is no longer the one that was opened (moved away, restored from a copy) is not written to.
/// </para>
/// </remarks>
public sealed partial class SqliteJobStore : IJobStore
{
    private readonly string _path;
    private SqliteConnection? _connection;
    private FileIdentity? _file;
    private FileIdentity? _wal;
    private bool? _durable;
    private bool _replaced;

    private SqliteJobStore(string path) => _path = path;

    /// <inheritdoc/>
    public string Description => SqliteLibrary.Description;

    /// <inheritdoc/>
    public long ReservedIds { get; private set; }

    /// <inheritdoc/>
    public bool WasLeftOpen { get; private set; }

    /// <summary>Opens the history in a file, which is made when it is not there, and brings it to the current schema.</summary>
    /// <exception cref="StoreException">It is a newer program's, or another's, or cannot be opened or written.</exception>
    public static SqliteJobStore Open(string path)
    {
        CreatePrivate(path);
        var store = new SqliteJobStore(path);
        try
        {
            store.Transact(store.TakeIntoUse);
            return store;
        }
        catch
        {
            store.Discard();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<AdditionOutcome> Write(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Transact(batch.Durable, connection =>
        {
            var outcomes = new List<AdditionOutcome>(batch.Additions.Count);
            var rows = new List<JobRow>(batch.Additions.Count + batch.Changes.Count);
            foreach (Addition addition in batch.Additions)
            {
                AdditionOutcome outcome = Claim(connection, addition);
                outcomes.Add(outcome);
                if (outcome.IsNew)
                {
                    rows.Add(JobRow.Of(addition.Job));
                }
            }

            rows.AddRange(batch.Changes.Select(change => JobRow.Of(change.Job)));

            // A list is one command: prepared once, executed for every row.
            connection.Execute(JobSql.Upsert, rows);
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
    public IJobReader OpenReader() => Guard(() => new SqliteJobReader(SqliteDatabase.OpenReader(_path)));

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

        Discard();
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
    private static void WriteBesides(
        SqliteConnection connection, WriteBatch batch, List<AdditionOutcome> outcomes)
    {
        Addition[] added = [.. batch.Additions.Where((_, i) => outcomes[i].IsNew)];
        connection.Execute(
            "DELETE FROM labels WHERE job_id = @Id AND (key, value) NOT IN (SELECT key, value FROM json_each(@Labels))",
            batch.Changes.Select(change => new { change.Job.Id, Labels = JsonSerializer.Serialize(change.Job.Labels) }));
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

        var outputs = batch.Changes.Where(change => change.Output is { IsEmpty: false }).Reverse().DistinctBy(change => change.Job.Id).Select(change => new
        {
            change.Job.Id,
            FinishedAt = SqliteValues.From(change.Job.FinishedAt ?? change.Job.CreatedAt),
            change.Output!.Shape,
            change.Output.StdoutBytes,
            change.Output.StderrBytes,
            change.Output.Stdout,
            change.Output.Stderr,
        }).ToList();
        if (outputs.Count > 0)
        {
            // What is replaced is taken from the sum as well.
            SqliteRetention.RemoveOutputs(connection, JsonSerializer.Serialize(outputs.Select(output => output.Id)));
            connection.Execute(
                "INSERT INTO outputs (job_id, finished_at, shape, stdout_bytes, stderr_bytes, stdout, stderr) "
                + "VALUES (@Id, @FinishedAt, @Shape, @StdoutBytes, @StderrBytes, @Stdout, @Stderr)",
                outputs);
            connection.Execute(
                "UPDATE counters SET value = value + @Bytes WHERE name = 'output_bytes'", new { Bytes = outputs.Sum(output => output.StdoutBytes + output.StderrBytes) });
        }
    }

    private int TakeIntoUse()
    {
        SqliteConnection connection = Connection();
        Schema.Migrate(connection);
        ReservedIds = Math.Max(
            connection.ExecuteScalar<long>("SELECT value FROM counters WHERE name = 'reserved_ids'"),
            connection.ExecuteScalar<long?>("SELECT max(id) FROM jobs") ?? 0);
        WasLeftOpen = connection.ExecuteScalar<bool>("SELECT value FROM counters WHERE name = 'in_use'");
        return connection.Execute("UPDATE counters SET value = 1 WHERE name = 'in_use'");
    }

    private T Transact<T>(bool durable, Func<SqliteConnection, T> work, Action? committed = null) => Transact(() =>
    {
        SqliteConnection connection = Connection();
        if (_durable != durable)
        {
            connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _durable = durable;
        }

        T result = SqliteDatabase.Transact(connection, () => work(connection));
        committed?.Invoke();
        return result;
    });

    // A connection that has failed may fail to close, which would hide the first reason.
    private static void Close(SqliteConnection failed)
    {
        try
        {
            failed.Dispose();
        }
        catch (SqliteException)
        {
            // It is discarded for its first failure anyway.
        }
    }

    private T Transact<T>(Func<T> work)
    {
        try
        {
            return Guard(work);
        }
        catch (StoreException e) when (e.Fault != StoreFault.Locked)
        {
            Discard();
            throw;
        }
    }

    private static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteDatabase.Explain(e);
        }
    }

    private SqliteConnection Connection()
    {
        _replaced = _replaced || (_file is not null && !IsStillThere());
        if (_replaced)
        {
            throw new StoreException(
                StoreFault.Damaged, "the history's file has been moved, removed or replaced while it was in use; it is not written to before the next start");
        }

        if (_connection is null)
        {
            _connection = SqliteDatabase.OpenWriter(_path);
            _file ??= LibcFiles.Identify(_path);
            _durable = null;
        }

        return _connection;
    }

    // Two calls of statx: SQLite itself would go on writing to a file that has no name any more.
    private bool IsStillThere()
    {
        FileIdentity? wal = LibcFiles.Identify(_path + "-wal");
        _wal ??= wal;
        return _file is { } file && file.SameFile(LibcFiles.Identify(_path)) && (_wal is not { } known || known.SameFile(wal));
    }

    private void Discard()
    {
        if (_connection is { } connection)
        {
            Close(connection);
        }

        _connection = null;

        // SQLite removes the WAL with the last connection, and the next one makes another.
        _wal = null;
    }

    // The WAL and its index get the permissions of the file (sqlite.org/wal.html).
    private static void CreatePrivate(string path)
    {
        try
        {
            using FileStream created = new(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException(StoreFault.ReadOnly, "the history's file cannot be written", e);
        }
        catch (IOException e) when (e.HResult == Errno.EROFS)
        {
            throw new StoreException(StoreFault.ReadOnly, "the history's file cannot be written: its file system is read-only", e);
        }
        catch (IOException e) when (e.HResult is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new StoreException(StoreFault.Full, "no space is left for the history", e);
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFault.Failed, $"the history's file cannot be made: {e.Message}", e);
        }
    }
}
