using Dapper;
using Kuid.Jobd.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Kuid.Bench.History;

/// <summary>Puts jobs that have ended into the history of a daemon that does not run, in the schema that the daemon has made (fill.sql).</summary>
internal static class HistoryFiller
{
    private const int Step = 100_000;

    internal static void Fill(string database, int count, CancellationToken cancellation)
    {
        _ = SqliteLibrary.Description;
        using Stream resource = typeof(HistoryFiller).Assembly.GetManifestResourceStream("fill.sql")!;
        using var reader = new StreamReader(resource);
        string sql = reader.ReadToEnd();
        long now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ConnectionString);
        connection.Open();

        // Power that is lost now costs a repetition.
        connection.Execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
        for (int first = 1; first <= count; first += Step)
        {
            cancellation.ThrowIfCancellationRequested();
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(sql, new { first, last = Math.Min(first + Step - 1, count), count, now }, transaction, commandTimeout: 0);
            transaction.Commit();
        }

        // The daemon is to find it as it would be after an orderly stop.
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
