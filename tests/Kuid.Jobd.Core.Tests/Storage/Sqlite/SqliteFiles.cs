using Dapper;
using Kuid.Jobd.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>What tests do to a history's files behind its back.</summary>
internal static class SqliteFiles
{
    /// <summary>Copies a database with its write-ahead log, as a backup of the folder would.</summary>
    internal static string Copy(string from, string to)
    {
        File.Copy(from, to);
        if (File.Exists(from + "-wal"))
        {
            File.Copy(from + "-wal", to + "-wal");
        }

        return to;
    }

    /// <summary>Another program's connection.</summary>
    internal static SqliteConnection Connect(string path)
    {
        _ = SqliteLibrary.Description;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        return connection;
    }

    internal static void Execute(string path, string sql)
    {
        using SqliteConnection connection = Connect(path);
        connection.Execute(sql);
    }

    internal static T Ask<T>(string path, string sql)
    {
        using SqliteConnection connection = Connect(path);
        return connection.ExecuteScalar<T>(sql)!;
    }
}
