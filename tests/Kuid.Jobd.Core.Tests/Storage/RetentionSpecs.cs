using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>The retention's round, on a clock that the test moves.</summary>
public sealed class RetentionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly OutputFiles _files;
    private readonly CancellationTokenSource _stopping = new();

    public RetentionSpecs() => _files = new OutputFiles(_folder["output"]);

    public void Dispose()
    {
        _stopping.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_sweep_goes_on_until_nothing_is_left_before_the_cut_and_takes_the_files_along()
    {
        using History history = OpenWith([.. Enumerable.Range(1, 1000).Select(i => Records.EndedWithOutput(i, 10, TimeSpan.FromSeconds(i)))]);
        foreach (long job in new long[] { 1, 996, 1000 })
        {
            await File.WriteAllTextAsync(_files.Place(job, OutputStream.Stdout), "x");
        }

        await Sweep(history, new RetentionPolicy { Records = Newest(10), OutputBytes = 40 });

        (await history.ListAsync(new JobQuery { Limit = 100 })).Jobs.Select(job => job.Id).Should().Equal(Enumerable.Range(991, 10).Reverse().Select(i => (long)i));
        _files.Jobs().Should().Equal(1000);
        (await history.FindAsync(996))!.OutputPruned.Should().BeTrue();
        (await history.FindAsync(997))!.OutputPruned.Should().BeFalse();
    }

    [Fact]
    public async Task It_sweeps_at_once_and_every_minute_with_the_policy_of_that_moment_until_it_is_stopped()
    {
        using History history = OpenWith([.. Enumerable.Range(1, 5).Select(i => new Change(Records.Ended(i)))]);
        RetentionPolicy policy = new() { Records = Newest(4) };
        Task running = new Retention(history, () => policy, _clock, NullLogger<Retention>.Instance).RunAsync(_stopping.Token);
        await Moving(async () => (await Count(history)) == 4, TimeSpan.FromMilliseconds(10));

        policy = new() { Records = Newest(2) };
        await Moving(async () => (await Count(history)) == 2, TimeSpan.FromMinutes(1));

        await _stopping.CancelAsync();
        await running.WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_swept_when_it_can_be()
    {
        using History history = OpenWith(new Change(Records.Ended(1)));
        RetentionPolicy policy = new() { Records = Newest(0) };
        var retention = new Retention(history, () => policy, _clock, NullLogger<Retention>.Instance);
        using (Microsoft.Data.Sqlite.SqliteConnection other = Sqlite.SqliteFiles.Connect(_folder["history.db"]))
        {
            Dapper.SqlMapper.Execute(other, "BEGIN EXCLUSIVE");
            await retention.SweepAsync(_stopping.Token).WaitAsync(Reading.Limit);
            (await Count(history)).Should().Be(1);
        }

        await Sweep(history, policy);

        (await Count(history)).Should().Be(0);
    }

    private History OpenWith(params Change[] changes)
    {
        SqliteJobStore store = SqliteJobStore.Open(_folder["history.db"]);
        store.Write(new WriteBatch { Changes = changes });
        return new History(store, _files, new SpoolSpace(_folder.Path), keepOutput: 1000, NullLogger<History>.Instance);
    }

    private async Task Sweep(History history, RetentionPolicy policy)
    {
        Task sweep = new Retention(history, () => policy, _clock, NullLogger<Retention>.Instance).SweepAsync(_stopping.Token);
        await Moving(() => Task.FromResult(sweep.IsCompleted), TimeSpan.FromMilliseconds(10));
        await sweep;
    }

    // Its pauses are the clock's.
    private Task Moving(Func<Task<bool>> condition, TimeSpan step) => Eventually.Holds(
        async () =>
        {
            _clock.Advance(step);
            return await condition();
        },
        "the sweep comes to that",
        Reading.Limit);

    private static async Task<int> Count(History history) => (await history.ListAsync(new JobQuery())).Jobs.Count;

    private static Dictionary<JobState, RecordBounds> Newest(int count) => new() { [JobState.Succeeded] = new RecordBounds(null, count) };
}
