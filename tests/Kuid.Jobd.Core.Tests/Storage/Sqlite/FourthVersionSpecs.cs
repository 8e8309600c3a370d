using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>A history of the fourth version, from before jobs could outlive the daemon.</summary>
public sealed class FourthVersionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_jobs_die_with_the_daemon_and_are_otherwise_as_they_were()
    {
        Make();

        using SqliteJobStore store = SqliteJobStore.Open(History);
        using IJobReader reader = store.OpenReader();

        IReadOnlyList<JobRecord> jobs = reader.List(new JobQuery()).Jobs;
        jobs.Select(job => job.Id).Should().Equal(5, 4, 3, 2, 1);
        jobs.Should().AllSatisfy(job => job.Survives.Should().BeFalse());
        (jobs[0].ClaimedUser, jobs[0].PassedThrough).Should().Be(("me", true));
        (jobs[0].Key, jobs[0].MaxAttempts).Should().Be(("backup", 3));
    }

    [Fact]
    public void It_takes_jobs_that_outlive_the_daemon_from_then_on()
    {
        Make();
        JobRecord call = Records.Full(6) with { Survives = true };
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            store.Write(new WriteBatch { Additions = [new Addition(call)] });
        }

        using SqliteJobStore again = SqliteJobStore.Open(History);
        using IJobReader reader = again.OpenReader();
        Records.Show(reader.Find(6)).Should().Be(Records.Show(call));
        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(Schema.Current);
    }

    [Fact]
    public void It_stays_as_it_was_when_it_cannot_be_brought_forward()
    {
        Make();
        SqliteFiles.Execute(History, "ALTER TABLE jobs ADD COLUMN survives TEXT");

        FluentActions.Invoking(() => SqliteJobStore.Open(History)).Should().Throw<StoreException>();

        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(4);
    }

    private void Make() =>
        SqliteFiles.Execute(History, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Storage", "Sqlite", "history-v4.sql")));
}
