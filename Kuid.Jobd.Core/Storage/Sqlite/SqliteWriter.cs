using Dapper;
using Kuid.Jobd.Core.Native;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The one connection that ever writes or checkpoints the file of the history.</summary>
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
internal sealed class SqliteWriter(string path) : IDisposable
{
    private SqliteConnection? _connection;
    private JobUpsert? _jobs;
    private OutputInsert? _outputs;
    private FileIdentity? _file;
    private FileIdentity? _wal;
    private bool? _durable;
    private bool _replaced;

    /// <summary>Writes rows of jobs, in a transaction that is under way.</summary>
    internal JobUpsert Jobs => _jobs ??= new JobUpsert(Current);

    /// <summary>Writes rows of outputs, in a transaction that is under way.</summary>
    internal OutputInsert Outputs => _outputs ??= new OutputInsert(Current);

    private SqliteConnection Current => _connection ?? throw new InvalidOperationException("no transaction is under way");

    /// <summary>Makes the file, for the daemon's user alone, if it is not there. The WAL and its index get its permissions (sqlite.org/wal.html).</summary>
    /// <exception cref="StoreException">It cannot be made, or not be written.</exception>
    internal static void CreatePrivate(string path)
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

    /// <summary>Does what is one transaction.</summary>
    /// <param name="durable">Whether it has to survive the loss of power too.</param>
    /// <param name="committed">Is called when it is done.</param>
    /// <exception cref="StoreException">It could not be done, and nothing of it is.</exception>
    internal T Transact<T>(bool durable, Func<SqliteConnection, T> work, Action? committed = null) => Use(connection =>
    {
        if (_durable != durable)
        {
            connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _durable = durable;
        }

        T result = SqliteDatabase.Transact(connection, () => work(connection));
        committed?.Invoke();
        return result;
    });

    /// <summary>Does something that looks after its transactions itself.</summary>
    /// <exception cref="StoreException">It could not be done.</exception>
    internal T Use<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return Guard(() => work(Connection()));
        }
        catch (StoreException e) when (e.Fault != StoreFault.Locked)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Does something, and says in the words of the store why it fails.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    internal static T Guard<T>(Func<T> work)
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

    /// <summary>Closes the connection; the next call opens another.</summary>
    public void Dispose()
    {
        // A statement that is left would keep the file open.
        _jobs?.Dispose();
        _outputs?.Dispose();
        (_jobs, _outputs) = (null, null);
        if (_connection is { } connection)
        {
            Close(connection);
        }

        _connection = null;

        // SQLite removes the WAL with the last connection, and the next one makes another.
        _wal = null;
    }

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
            _connection = SqliteDatabase.OpenWriter(path);
            _file ??= LibcFiles.Identify(path);
            _durable = null;
        }

        return _connection;
    }

    // Two calls of statx: SQLite itself would go on writing to a file that has no name any more.
    private bool IsStillThere()
    {
        FileIdentity? wal = LibcFiles.Identify(path + "-wal");
        _wal ??= wal;
        return _file is { } file && file.SameFile(LibcFiles.Identify(path)) && (_wal is not { } known || known.SameFile(wal));
    }
}
