using Dapper;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>What is set per connection is set on each, the one after a failure too.</summary>
public sealed class PragmaSpecs : IDisposable
{
    private const long Full = 2;
    private const long Normal = 1;
    private const long SizeLimit = 67_108_864;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Row_30_a_promise_is_written_with_full_synchronisation_on_each_connection_and_what_is_none_without()
    {
        SqliteJobStore.Open(_folder["history.db"]).Dispose();
        using var writer = new SqliteWriter(_folder["history.db"]);
        foreach (bool durable in (bool[])[true, false, true, false])
        {
            // What is asked for last on a connection is asked for first on the one after its failure, which begins with SQLite's default.
            Ask(writer, durable).Should().Be((durable ? Full : Normal, "wal", SizeLimit));
            Ask(writer, !durable).Should().Be((durable ? Normal : Full, "wal", SizeLimit));
            Action fail = () => writer.Transact<int>(!durable, _ => throw new SqliteException("disk I/O error", SQLitePCL.raw.SQLITE_IOERR));
            fail.Should().Throw<StoreException>();
        }
    }

    [Fact]
    public void Row_30_no_connection_is_handed_out_twice()
    {
        SqliteJobStore.Open(_folder["history.db"]).Dispose();
        using (SqliteConnection first = SqliteDatabase.OpenWriter(_folder["history.db"]))
        {
            first.Execute("PRAGMA synchronous = OFF; PRAGMA cache_size = 7");
        }

        using SqliteConnection second = SqliteDatabase.OpenWriter(_folder["history.db"]);
        second.ExecuteScalar<long>("PRAGMA cache_size").Should().NotBe(7);
        second.ExecuteScalar<long>("PRAGMA synchronous").Should().Be(Full);
    }

    [Fact]
    public void Row_30_a_reader_cannot_write()
    {
        SqliteJobStore.Open(_folder["history.db"]).Dispose();
        using SqliteConnection reader = SqliteDatabase.OpenReader(_folder["history.db"]);

        Action write = () => reader.Execute("DELETE FROM jobs");

        write.Should().Throw<SqliteException>().Which.SqliteErrorCode.Should().Be(SQLitePCL.raw.SQLITE_READONLY);
    }

    private static (long Synchronous, string Mode, long SizeLimit) Ask(SqliteWriter writer, bool durable) => writer.Transact(durable, connection => (
        connection.ExecuteScalar<long>("PRAGMA synchronous"),
        connection.ExecuteScalar<string>("PRAGMA journal_mode")!,
        connection.ExecuteScalar<long>("PRAGMA journal_size_limit")));
}
