using Kuid.Jobd.Core.Output;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The statement that writes a row of the table outputs, bound by place as <see cref="JobUpsert"/> is. It owns the statement.</summary>
internal sealed class OutputInsert(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _statement = new(
        connection, "INSERT INTO outputs (job_id, finished_at, shape, stdout_bytes, stderr_bytes, stdout, stderr) VALUES (?, ?, ?, ?, ?, ?, ?)");

    /// <summary>Writes what is kept of the output of a job that has no row there.</summary>
    /// <param name="finishedAt">Microseconds since 1970.</param>
    /// <exception cref="SqliteException">It cannot be written.</exception>
    internal void Write(long job, long finishedAt, KeptOutput output)
    {
        sqlite3_stmt row = _statement.Handle;
        _statement.Check(raw.sqlite3_bind_int64(row, 1, job));
        _statement.Check(raw.sqlite3_bind_int64(row, 2, finishedAt));
        _statement.Check(raw.sqlite3_bind_blob(row, 3, output.Shape));
        _statement.Check(raw.sqlite3_bind_int64(row, 4, output.StdoutBytes));
        _statement.Check(raw.sqlite3_bind_int64(row, 5, output.StderrBytes));
        _statement.Check(output.Stdout is { } stdout ? raw.sqlite3_bind_blob(row, 6, stdout) : raw.sqlite3_bind_null(row, 6));
        _statement.Check(output.Stderr is { } stderr ? raw.sqlite3_bind_blob(row, 7, stderr) : raw.sqlite3_bind_null(row, 7));
        _statement.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();
}
