using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>A history of the second version, from before jobs waited for anything but their turn.</summary>
public sealed class SecondVersionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_jobs_wait_for_nothing_and_have_one_attempt()
    {
        Make();

        using SqliteJobStore store = SqliteJobStore.Open(History);
        using IJobReader reader = store.OpenReader();

        reader.List(new JobQuery()).Jobs.Select(job => job.Id).Should().Equal(4, 3, 2, 1);
        reader.Find(4)!.Pipeline.Should().Be("ps | head 3");
        reader.Find(4)!.Hosts.Should().Equal("web1", "local");
        reader.Hosts().Should().Equal(new HostRecord("web1", "exec:ssh web1 kuid-sysreqd -"));
        new long[] { 1, 2, 3, 4 }.Select(id => reader.Find(id)!).Should().AllSatisfy(job =>
        {
            (job.NotBefore, job.ExpiresIn, job.Key, job.ParentId, job.BatchId, job.Schedule, job.Limits, job.CallbackUrl).Should()
                .Be((null, null, null, null, null, null, null, null));
            (job.After.Count, job.AfterMode, job.KeyPolicy, job.Disconnect).Should()
                .Be((0, AfterMode.Success, KeyPolicy.Queue, DisconnectPolicy.Continue));
            (job.MaxAttempts, job.RetryBackoff, job.AttemptStdoutOffset, job.AttemptStderrOffset).Should().Be((1, TimeSpan.FromSeconds(1), 0, 0));
        });
    }

    [Fact]
    public void It_takes_jobs_that_wait_from_then_on()
    {
        Make();
        JobRecord waiting = Records.Full(5) with { State = JobState.Scheduled };
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            store.Write(new WriteBatch { Additions = [new Addition(waiting)] });
        }

        using SqliteJobStore again = SqliteJobStore.Open(History);
        using IJobReader reader = again.OpenReader();
        Records.Show(reader.Find(5)).Should().Be(Records.Show(waiting));
        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(Schema.Current);
    }

    [Fact]
    public void It_stays_as_it_was_when_it_cannot_be_brought_forward()
    {
        Make();
        SqliteFiles.Execute(History, "CREATE TABLE schedules (theirs)");

        FluentActions.Invoking(() => SqliteJobStore.Open(History)).Should().Throw<StoreException>();

        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(2);
        SqliteFiles.Ask<int>(History, "SELECT count(*) FROM pragma_table_info('jobs') WHERE name = 'not_before'").Should().Be(0);
        SqliteFiles.Ask<int>(History, "SELECT count(*) FROM sqlite_master WHERE name IN ('queues', 'batches')").Should().Be(0);
    }

    private void Make() =>
        SqliteFiles.Execute(History, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Storage", "Sqlite", "history-v2.sql")));
}
