using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The statement that writes a row of the table jobs, prepared once for a connection. It owns the statement, not the connection.</summary>
/// <remarks>
/// Every job is written by it, some sixty values at a time. Given by name, as commands do it, each value is looked for among all names
/// at each execution, and the statement is compiled for each batch: that took five times as long as what SQLite does with the row. Here
/// they are bound by their place, which is that of the member in <see cref="JobRow"/>.
/// </remarks>
internal sealed class JobUpsert : IDisposable
{
    private static readonly Func<sqlite3_stmt, int, JobRow, int>[] Binders = [.. JobSql.Members.Select(BinderOf)];

    private readonly PreparedStatement _statement;

    internal JobUpsert(SqliteConnection connection) => _statement = new PreparedStatement(connection, JobSql.Upsert);

    /// <summary>Writes a row, whether there is one with its id or not.</summary>
    /// <exception cref="SqliteException">It cannot be written.</exception>
    internal void Write(JobRow row)
    {
        for (int i = 0; i < Binders.Length; i++)
        {
            _statement.Check(Binders[i](_statement.Handle, i + 1, row));
        }

        _statement.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private static Func<sqlite3_stmt, int, JobRow, int> BinderOf(PropertyInfo member) => member.PropertyType switch
    {
        Type type when type == typeof(long) => Binder<long>(member, raw.sqlite3_bind_int64),
        Type type when type == typeof(int) => Binder<int>(member, raw.sqlite3_bind_int),
        Type type when type == typeof(bool) => Binder<bool>(member, static (statement, i, value) => raw.sqlite3_bind_int(statement, i, value ? 1 : 0)),
        Type type when type == typeof(long?) => Binder<long?>(
            member, static (statement, i, value) => value is { } given ? raw.sqlite3_bind_int64(statement, i, given) : raw.sqlite3_bind_null(statement, i)),
        Type type when type == typeof(int?) => Binder<int?>(
            member, static (statement, i, value) => value is { } given ? raw.sqlite3_bind_int(statement, i, given) : raw.sqlite3_bind_null(statement, i)),
        Type type when type == typeof(string) => Binder<string?>(
            member, static (statement, i, value) => value is null ? raw.sqlite3_bind_null(statement, i) : raw.sqlite3_bind_text(statement, i, value)),
        Type type when type == typeof(byte[]) => Binder<byte[]?>(
            member, static (statement, i, value) => value is null ? raw.sqlite3_bind_null(statement, i) : raw.sqlite3_bind_blob(statement, i, value)),
        _ => throw new InvalidOperationException($"{member.Name} is a {member.PropertyType.Name}, for which there is no column"),
    };

    private static Func<sqlite3_stmt, int, JobRow, int> Binder<T>(PropertyInfo member, Func<sqlite3_stmt, int, T, int> bind)
    {
        Func<JobRow, T> get = member.GetMethod!.CreateDelegate<Func<JobRow, T>>();
        return (statement, i, row) => bind(statement, i, get(row));
    }
}
