using Kuid.Bench.History;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Bench.Tests;

public sealed class HistoryFillerSpecs : IDisposable
{
    private const int Count = 5000;

    private readonly TempFolder _folder = new();

    [Fact]
    public void A_history_that_was_filled_is_one_that_the_daemon_reads_and_goes_on_with()
    {
        SqliteJobStore.Open(_folder["history.db"]).Dispose();

        HistoryFiller.Fill(_folder["history.db"], Count, CancellationToken.None);

        using SqliteJobStore store = SqliteJobStore.Open(_folder["history.db"]);
        using IJobReader reader = store.OpenReader();
        IReadOnlyList<JobRecord> jobs = reader.List(new JobQuery { Limit = Count }).Jobs;
        store.ReservedIds.Should().Be(Count, "no id may be given twice");
        jobs.Should().HaveCount(Count).And.OnlyContain(job => job.HasEnded && job.FinishedAt > job.StartedAt && job.Argv != null);
        jobs.Select(job => job.State).Distinct().Should().HaveCount(4, "there are four ends");
        jobs.Select(job => job.Kind).Distinct().Should().HaveCount(5, "callbacks come with other jobs only");
        jobs.Select(job => job.Origin).Distinct().Should().HaveCount(5);
        reader.List(new JobQuery { Text = "needle" }).Jobs.Should().ContainSingle();
        reader.List(new JobQuery { Labels = [new("team", "web")] }).Jobs.Should().NotBeEmpty().And.OnlyContain(job => job.Labels["team"] == "web");
        JobRecord written = jobs.First(job => job.StdoutBytes > 0 && !job.OutputPruned);
        reader.ReadOutput(written.Id)!.Stdout.Should().HaveCount((int)written.StdoutKeptBytes);
    }

    public void Dispose() => _folder.Dispose();
}
