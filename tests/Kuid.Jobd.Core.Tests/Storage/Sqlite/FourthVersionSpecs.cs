using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>A history of the fourth version, from before jobs were isolated.</summary>
public sealed class FourthVersionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_jobs_have_no_isolation_and_what_they_had()
    {
        Make();

        using SqliteJobStore store = SqliteJobStore.Open(History);
        using IJobReader reader = store.OpenReader();

        IReadOnlyList<JobRecord> jobs = reader.List(new JobQuery()).Jobs;
        jobs.Select(job => job.Id).Should().Equal(5, 4, 3, 2, 1);
        jobs.Should().AllSatisfy(job => (job.Isolation, job.Survives).Should().Be((null, false)));
        (jobs[4].ClaimedUser, jobs[4].PassedThrough).Should().Be(("me", true));
    }

    [Fact]
    public void It_takes_isolated_jobs_from_then_on()
    {
        Make();
        JobRecord job = Records.Full(6) with { Isolation = IsolationProfile.Strict };
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            store.Write(new WriteBatch { Additions = [new Addition(job)] });
        }

        using SqliteJobStore again = SqliteJobStore.Open(History);
        using IJobReader reader = again.OpenReader();
        Records.Show(reader.Find(6)).Should().Be(Records.Show(job));
        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(Schema.Current);
    }

    private void Make() =>
        SqliteFiles.Execute(History, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Storage", "Sqlite", "history-v4.sql")));
}
