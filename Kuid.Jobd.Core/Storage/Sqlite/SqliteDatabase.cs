using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>Opens connections to a history's file and says what an error of SQLite's means to the daemon.</summary>
internal static class SqliteDatabase
{
    // How long another process's lock is waited for: whoever submits a job waits as long.
    private const int LockSeconds = 2;

    static SqliteDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Opens the connection that writes; the file and the WAL are made when they are not there.</summary>
    internal static SqliteConnection OpenWriter(string path)
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // Before anything is changed: the journal mode stands in the file, and a file of somebody else's stays as it is.
            Schema.Recognize(connection);

            // Set per connection, and a pool would hand out others (dotnet/efcore#38769): connections here are never pooled.
            string? mode = connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
            if (mode != "wal")
            {
                throw new StoreException(StoreFault.Failed, $"the history's file system allows no write-ahead log (journal mode {mode})");
            }

            connection.Execute("PRAGMA journal_size_limit = 67108864");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads.</summary>
    internal static SqliteConnection OpenReader(string path)
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadOnly);
        SqliteSummaries.Register(connection);
        return connection;
    }

    /// <summary>Does some work in one transaction, which nobody else writes beside.</summary>
    /// <remarks>
    /// Not the provider's transaction: when a disk is full SQLite has rolled back by itself, and the provider, which rolls
    /// back once more, can then neither end its transaction nor close its connection.
    /// </remarks>
    internal static T Transact<T>(SqliteConnection connection, Func<T> work)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            T result = work();
            connection.Execute("COMMIT");
            return result;
        }
        catch
        {
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                connection.Execute("ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>What an error means.</summary>
    internal static StoreException Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new StoreException(StoreFault.Full, "no space is left for the history", e),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
            new StoreException(StoreFault.Locked, "another process has locked the history", e),
        raw.SQLITE_READONLY or raw.SQLITE_PERM =>
            new StoreException(StoreFault.ReadOnly, "the history can only be read", e),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            new StoreException(StoreFault.Damaged, "the history's file is damaged, or is no history", e),
        raw.SQLITE_CANTOPEN => new StoreException(StoreFault.Failed, "the history's file cannot be opened", e),
        raw.SQLITE_IOERR when NoSpaceLeft(e) => new StoreException(StoreFault.Full, "no space is left for the history", e),
        _ => new StoreException(StoreFault.Failed, $"the history failed (SQLite error {e.SqliteExtendedErrorCode})", e),
    };

    // The shared memory of the WAL cannot grow on a full disk, which SQLite reports as an error of its own (SQLITE_IOERR_SHMSIZE).
    private static bool NoSpaceLeft(SqliteException e) => e.SqliteExtendedErrorCode == (raw.SQLITE_IOERR | (19 << 8));

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        _ = SqliteLibrary.Description;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = LockSeconds,
        }.ConnectionString);
        connection.Open();
        return connection;
    }
}
