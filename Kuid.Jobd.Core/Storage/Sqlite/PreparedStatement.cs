using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A statement that answers with no rows, compiled once for a connection and run many times. It owns the statement, not the connection.</summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">It is not understood.</exception>
    internal PreparedStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement));
    }

    /// <summary>What values are bound to.</summary>
    internal sqlite3_stmt Handle => _statement;

    /// <summary>Throws what a call on it failed with.</summary>
    internal void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);

    /// <summary>Runs it with the values that are bound.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    internal void Run()
    {
        // What a step failed with, the reset says once more.
        _ = raw.sqlite3_step(_statement);
        Check(raw.sqlite3_reset(_statement));
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();
}
