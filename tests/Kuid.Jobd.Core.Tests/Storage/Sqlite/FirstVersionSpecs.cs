using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>A history of the first version, from before there were pipelines and hosts.</summary>
public sealed class FirstVersionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string History => _folder["history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        Make();

        using SqliteJobStore store = SqliteJobStore.Open(History);
        using IJobReader reader = store.OpenReader();

        reader.List(new JobQuery()).Jobs.Select(job => (job.Id, job.State)).Should().Equal(
            (3, JobState.Canceled), (2, JobState.Succeeded), (1, JobState.Queued));
        reader.Find(1)!.Argv[2].Should().Equal([.. "cat; echo '"u8, 0xff, (byte)'\'']);
        reader.Find(2)!.Argv.Should().BeEquivalentTo([Specs.Bytes("echo"), Specs.Bytes("hello")]);
        reader.Find(3)!.EndedBy.Should().Be("uid:0");
        new long[] { 1, 2, 3 }.Select(id => reader.Find(id)!).Should().AllSatisfy(job =>
            (job.Pipeline, job.Host, job.Hosts).Should().Be((null, null, null)));
        reader.ReadStdin(1).Should().Equal(Specs.Bytes("hello"));
        reader.ReadOutput(2)!.Stdout.Should().Equal(Specs.Bytes("hello\n"));
        reader.FindKey("uid:1000", "deploy-17", new DateTime(2030, 1, 1, 1, 0, 0, DateTimeKind.Utc))!.Value.Job.Should().Be(2);
        store.ReservedIds.Should().Be(1000);
    }

    [Fact]
    public void Its_jobs_are_found_by_what_has_indexes_and_summaries_since()
    {
        Make();
        using SqliteJobStore store = SqliteJobStore.Open(History);
        using IJobReader reader = store.OpenReader();
        store.Summarize(jobs: 3, newest: 0).Should().BeTrue();

        store.FoundVersion.Should().Be(1);
        reader.List(new JobQuery { Labels = [new("team", null)] }).Jobs.Select(job => job.Id).Should().Equal(1);
        reader.List(new JobQuery { Text = "hello" }).Jobs.Select(job => job.Id).Should().Contain(2).And.NotContain(1);
    }

    [Fact]
    public void It_takes_pipelines_and_hosts_from_then_on()
    {
        Make();
        using (SqliteJobStore store = SqliteJobStore.Open(History))
        {
            store.PutHost(new HostRecord("web1", "exec:ssh web1 kuid-sysreqd -"));
            store.Write(new WriteBatch
            {
                Additions = [new Addition(Records.Queued(4) with { Kind = JobKind.Pipeline, Argv = [], Pipeline = "ps | head 3", Hosts = ["web1", "local"] })],
            });
        }

        using SqliteJobStore again = SqliteJobStore.Open(History);
        using IJobReader reader = again.OpenReader();
        reader.Hosts().Should().Equal(new HostRecord("web1", "exec:ssh web1 kuid-sysreqd -"));
        reader.Find(4)!.Pipeline.Should().Be("ps | head 3");
        reader.Find(4)!.Hosts.Should().Equal("web1", "local");
        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(Schema.Current);
    }

    [Fact]
    public void It_stays_as_it_was_when_it_cannot_be_brought_forward()
    {
        Make();
        SqliteFiles.Execute(History, "CREATE TABLE hosts (theirs)");

        FluentActions.Invoking(() => SqliteJobStore.Open(History)).Should().Throw<StoreException>();

        SqliteFiles.Ask<int>(History, "PRAGMA user_version").Should().Be(1);
        SqliteFiles.Ask<int>(History, "SELECT count(*) FROM pragma_table_info('jobs') WHERE name IN ('host', 'hosts')").Should().Be(0);
    }

    private void Make() =>
        SqliteFiles.Execute(History, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Storage", "Sqlite", "history-v1.sql")));
}
