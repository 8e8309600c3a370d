using Dapper;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>What goes wrong with the file says what it is, harms nothing, and where it can pass it is over when it has passed.</summary>
public sealed class SqliteFaultSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private long _id;

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_17_a_full_disk_refuses_batches_and_takes_them_when_there_is_room_again()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "2m");
        using SqliteJobStore store = SqliteJobStore.Open(disk["history.db"]);
        Write(store, bytes: 10);
        using IJobReader reader = store.OpenReader();
        disk.Fill();

        for (int i = 0; i < 3; i++)
        {
            // More than what may be left in the blocks that the files have already.
            Fault(() => Write(store, bytes: 300_000)).Should().Be(StoreFault.Full);
        }

        reader.List(new JobQuery()).Jobs.Should().ContainSingle("what was written can be read");
        disk.MakeRoom();
        Write(store, bytes: 300_000);
        reader.List(new JobQuery()).Jobs.Should().HaveCount(2);
        reader.Check().Should().BeNull();
    }

    [Fact]
    public async Task Row_17_a_full_disk_that_nobody_reads_from_is_no_replaced_file_when_there_is_room_again()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "2m");
        using (SqliteJobStore first = SqliteJobStore.Open(disk["history.db"]))
        {
            // All that is written later has its pages in the file: the log is emptied into it on a full disk too.
            Write(first, bytes: 10);
        }

        SqliteJobStore store = SqliteJobStore.Open(disk["history.db"]);
        Write(store, bytes: 10);
        disk.Fill();
        Fault(() => Write(store, bytes: 300_000)).Should().Be(StoreFault.Full);
        disk.IsInUse().Should().BeFalse("a connection that failed is closed");
        File.Exists(disk["history.db-wal"]).Should().BeFalse("the log goes with the last connection");

        // Its room too: the next connection finds none for the index of the log.
        disk.Fill();
        Fault(() => Write(store, bytes: 300_000)).Should().Be(StoreFault.Full);

        disk.MakeRoom();

        Write(store, bytes: 300_000);
        store.Dispose();
        disk.IsInUse().Should().BeFalse();
    }

    [Fact]
    public async Task Row_17_a_disk_without_room_for_a_history_is_full()
    {
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "64k");
        disk.Fill();
        Action open = () => SqliteJobStore.Open(disk["history.db"]);

        open.Should().Throw<StoreException>().Which.Fault.Should().Be(StoreFault.Full);

        disk.MakeRoom();
    }

    [Fact]
    public async Task Row_17_a_disk_without_room_for_another_file_is_full()
    {
        // The root of the file system is the one file there may be.
        await using SmallDisk disk = await SmallDisk.Mount(_folder["disk"], "64k,nr_inodes=1");
        Action open = () => SqliteJobStore.Open(disk["history.db"]);

        open.Should().Throw<StoreException>().Which.Fault.Should().Be(StoreFault.Full);
    }

    [Fact]
    public void Row_20_a_file_that_another_program_has_locked_is_locked_until_it_lets_go()
    {
        using SqliteJobStore store = SqliteJobStore.Open(History);
        Write(store);
        using SqliteConnection other = SqliteFiles.Connect(History);
        other.Execute("BEGIN EXCLUSIVE");

        Fault(() => Write(store)).Should().Be(StoreFault.Locked);
        Action open = () => SqliteJobStore.Open(History);
        open.Should().Throw<StoreException>().Which.Fault.Should().Be(StoreFault.Locked);

        other.Execute("ROLLBACK");
        Write(store);
        using IJobReader reader = store.OpenReader();
        reader.List(new JobQuery()).Jobs.Should().HaveCount(2);
    }

    [Fact]
    public void Row_24_a_file_that_was_replaced_is_not_written_to_even_when_the_old_one_comes_back()
    {
        SqliteJobStore.Open(_folder["other.db"]).Dispose();
        byte[] other = File.ReadAllBytes(_folder["other.db"]);
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            Write(store);
            File.Move(History, _folder["moved.db"]);
            File.Move(_folder["other.db"], History);

            Action write = () => Write(store);
            write.Should().Throw<StoreException>().WithMessage("*moved, removed or replaced while it was in use*")
                .Which.Fault.Should().Be(StoreFault.Damaged);

            File.Move(History, _folder["other.db"]);
            File.Move(_folder["moved.db"], History);
            write.Should().Throw<StoreException>().Which.Fault.Should().Be(StoreFault.Damaged);
        }

        File.ReadAllBytes(_folder["other.db"]).Should().Equal(other);
    }

    [Theory]
    [InlineData("history.db")]
    [InlineData("history.db-wal")]
    public void Row_24_a_file_that_was_removed_is_damage_and_closing_goes_on(string name)
    {
        SqliteJobStore store = SqliteJobStore.Open(History);
        Write(store);
        Write(store);
        File.Delete(_folder[name]);

        Fault(() => Write(store)).Should().Be(StoreFault.Damaged);

        store.Dispose();
        File.Exists(_folder[name]).Should().BeFalse("nothing is made in its place");
    }

    [Fact]
    public void Row_22_a_page_that_was_overwritten_is_found()
    {
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            for (int i = 0; i < 20; i++)
            {
                Write(store, bytes: 20_000);
            }
        }

        using (FileStream file = File.OpenWrite(History))
        {
            // The last half: pages of rows and of output, whichever.
            file.Position = file.Length / 2 / 4096 * 4096;
            byte[] noise = new byte[file.Length - file.Position];
            Array.Fill(noise, (byte)0xa5);
            file.Write(noise);
        }

        using SqliteJobStore damaged = SqliteJobStore.Open(History);
        using IJobReader reader = damaged.OpenReader();
        reader.Check().Should().NotBeNull();
    }

    private void Write(SqliteJobStore store, int bytes = 10) => store.Write(new WriteBatch { Changes = [Records.EndedWithOutput(++_id, bytes)] });

    private static StoreFault Fault(Action write) => write.Should().Throw<StoreException>().Which.Fault;
}
