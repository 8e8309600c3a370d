using Dapper;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>From version to version, and whose file it is.</summary>
public sealed class SchemaSpecs : IDisposable
{
    private static readonly string[] TwoSteps = ["CREATE TABLE a (x); INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1"];

    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_older_version_is_brought_forward_by_the_steps_it_has_not_had()
    {
        using SqliteConnection connection = SqliteFiles.Connect(History);
        Schema.Migrate(connection, TwoSteps[..1]);

        Schema.Migrate(connection, TwoSteps);

        connection.ExecuteScalar<long>("PRAGMA user_version").Should().Be(2);
        connection.QuerySingle<(long, long)>("SELECT x, y FROM a").Should().Be((1, 2));
    }

    [Fact]
    public void A_file_of_the_current_version_is_left_as_it_is()
    {
        using SqliteConnection connection = SqliteFiles.Connect(History);
        Schema.Migrate(connection, TwoSteps);

        Schema.Migrate(connection, TwoSteps);

        connection.Query<long>("SELECT x FROM a").Should().Equal(1);
    }

    [Fact]
    public void Row_27_a_step_that_fails_leaves_the_version_and_the_tables_from_before()
    {
        using SqliteConnection connection = SqliteFiles.Connect(History);
        Schema.Migrate(connection, TwoSteps[..1]);
        Action migrate = () => Schema.Migrate(connection, [.. TwoSteps, "CREATE TABLE b (z); INSERT INTO nowhere VALUES (1)"]);

        migrate.Should().Throw<SqliteException>();

        connection.ExecuteScalar<long>("PRAGMA user_version").Should().Be(1);
        connection.Query<string>("SELECT sql FROM sqlite_master").Should().Equal("CREATE TABLE a (x)");
        Schema.Migrate(connection, TwoSteps);
        connection.ExecuteScalar<long>("PRAGMA user_version").Should().Be(2);
    }

    [Fact]
    public void Row_26_a_newer_programs_history_is_refused_and_left_as_it_is()
    {
        SqliteJobStore.Open(History).Dispose();
        SqliteFiles.Execute(History, "PRAGMA user_version = 99");

        Refused().Should().Be($"the history has schema version 99, this kuid-jobd knows up to {Schema.Current}: a newer one has written it");

        SqliteFiles.Ask<long>(History, "PRAGMA user_version").Should().Be(99);
        SqliteFiles.Ask<long>(History, "SELECT value FROM counters WHERE name = 'in_use'").Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    public void Row_23_another_programs_database_is_refused_and_not_a_byte_of_it_changed(int version)
    {
        SqliteFiles.Execute(History, $"CREATE TABLE theirs (x); PRAGMA user_version = {version}");
        byte[] before = File.ReadAllBytes(History);

        Refused().Should().Be("the history's file is the database of another program; it is left as it is");

        File.ReadAllBytes(History).Should().Equal(before);
        Directory.EnumerateFiles(_folder.Path).Should().Equal(History);
    }

    [Fact]
    public void Row_23_a_file_that_is_no_database_is_refused_and_not_a_byte_of_it_changed()
    {
        string text = string.Concat(Enumerable.Repeat("precious words\n", 1000));
        File.WriteAllText(History, text);

        Refused().Should().Be("the history's file is damaged, or is no history");

        File.ReadAllText(History).Should().Be(text);
    }

    [Fact]
    public void Row_23_an_empty_file_becomes_a_history()
    {
        File.WriteAllText(History, string.Empty);

        SqliteJobStore.Open(History).Dispose();

        SqliteFiles.Ask<long>(History, "PRAGMA user_version").Should().Be(Schema.Current);
    }

    private string Refused()
    {
        Action open = () => SqliteJobStore.Open(History);
        StoreException refusal = open.Should().Throw<StoreException>().Which;
        refusal.Fault.Should().Be(StoreFault.Damaged);
        return refusal.Message;
    }
}
