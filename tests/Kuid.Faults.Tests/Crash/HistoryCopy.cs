using System.Text;
using Dapper;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Kuid.Faults.Tests.Crash;

/// <summary>A row of a history: what the tests of crashes look at.</summary>
internal sealed record JobTrace(long Id, string Name, JobState State)
{
    internal bool IsOver => State is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Lost;
}

/// <summary>
/// The history of a daemon that is dead, read from a copy: to open the file itself would take up its write-ahead log, which is the
/// next daemon's to do.
/// </summary>
internal static class HistoryCopy
{
    /// <summary>Copies a history, has SQLite check the copy, and reads all jobs of it.</summary>
    /// <param name="history">The file; without one there are no jobs yet.</param>
    /// <param name="scratch">A folder for the copy, which is gone afterwards.</param>
    internal static Dictionary<long, JobTrace> Read(string history, string scratch)
    {
        if (!File.Exists(history))
        {
            return [];
        }

        string copy = Path.Combine(scratch, "copy.db");
        try
        {
            File.Copy(history, copy);
            if (File.Exists(history + "-wal"))
            {
                File.Copy(history + "-wal", copy + "-wal");
            }

            return ReadCopy(copy);
        }
        finally
        {
            foreach (string file in Directory.GetFiles(scratch, "copy.db*"))
            {
                File.Delete(file);
            }
        }
    }

    private static Dictionary<long, JobTrace> ReadCopy(string path)
    {
        _ = SqliteLibrary.Description;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        connection.Query<string>("PRAGMA integrity_check").Should().Equal("ok");
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'jobs'") == 0)
        {
            // It was killed before it had made its tables, which it makes all at once.
            connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master").Should().Be(0, "a schema is whole or not there");
            return [];
        }

        return connection.Query<(long Id, object? Name, long State)>("SELECT id, name, state FROM jobs")
            .ToDictionary(row => row.Id, row => new JobTrace(row.Id, Text(row.Name), (JobState)row.State));
    }

    private static string Text(object? value) => value switch
    {
        null => string.Empty,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => value.ToString()!,
    };
}
