using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>The files of a history, and the library that writes them.</summary>
public sealed class SqliteFileSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_are_their_owners_alone()
    {
        using SqliteJobStore store = SqliteJobStore.Open(History);
        store.Write(new WriteBatch { ReservedIds = 1 });

        string[] files = Directory.GetFiles(_folder.Path);

        files.Select(Path.GetFileName).Should().BeEquivalentTo("history.db", "history.db-wal", "history.db-shm");
        files.Select(File.GetUnixFileMode).Should().OnlyContain(mode => mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void Closing_leaves_one_file_that_is_whole()
    {
        SqliteJobStore.Open(History).Dispose();

        Directory.GetFiles(_folder.Path).Should().Equal(History);
    }

    [Fact]
    public void A_killed_users_history_says_so_until_somebody_has_closed_it()
    {
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            store.WasLeftOpen.Should().BeFalse();
            SqliteFiles.Copy(History, _folder["killed.db"]);
        }

        using (SqliteJobStore next = SqliteJobStore.Open(_folder["killed.db"]))
        {
            next.WasLeftOpen.Should().BeTrue();
        }

        using SqliteJobStore last = SqliteJobStore.Open(_folder["killed.db"]);
        last.WasLeftOpen.Should().BeFalse();
    }

    [Fact]
    public async Task The_library_is_named_with_the_version_that_really_runs_and_where_it_comes_from()
    {
        SqliteLibrary.Description.Should().MatchRegex(@"^SQLite 3\.\d+(\.\d+)* \((system|bundled)\)$");

        SqliteJobStore.Open(History).Dispose();
        SqliteLibrary.Description.Should().StartWith($"SQLite {SqliteFiles.Ask<string>(History, "SELECT sqlite_version()")} ");
        string maps = await File.ReadAllTextAsync("/proc/self/maps");
        maps.Should().Contain(SqliteLibrary.Description.EndsWith("(system)", StringComparison.Ordinal) ? "libsqlite3.so" : "libe_sqlite3.so");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_failure_that_says_so()
    {
        Opening(_folder["no/history.db"]).Fault.Should().Be(StoreFault.Failed);
        Opening(_folder.Path).Fault.Should().Be(StoreFault.ReadOnly, "a folder in the file's place cannot be written");
    }

    [Fact]
    public void Row_19_a_file_that_may_not_be_written_is_read_only()
    {
        Assert.SkipWhen(LibcFiles.EffectiveUserId() == 0, "root may write to every file");
        SqliteJobStore.Open(History).Dispose();
        File.SetUnixFileMode(History, UnixFileMode.UserRead);

        Opening(History).Fault.Should().Be(StoreFault.ReadOnly);
    }

    [Fact]
    public async Task Row_19_a_file_system_that_may_not_be_written_is_read_only()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "1m");
        SqliteJobStore.Open(disk["history.db"]).Dispose();
        await disk.Remount("ro");

        Opening(disk["history.db"]).Fault.Should().Be(StoreFault.ReadOnly);
    }

    private static StoreException Opening(string path)
    {
        Action open = () => SqliteJobStore.Open(path);
        return open.Should().Throw<StoreException>().Which;
    }
}
