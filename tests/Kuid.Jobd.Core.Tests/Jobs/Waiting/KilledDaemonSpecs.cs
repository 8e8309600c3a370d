using System.Collections.Concurrent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Tests.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>Rows as a daemon leaves them that is killed between two writes, and what the next one makes of the jobs that wait.</summary>
public sealed class KilledDaemonSpecs : IAsyncDisposable
{
    private readonly ManualClock _clock = new(Records.Start);
    private readonly ScriptedExecutor _executor;
    private readonly Engine _engine;

    public KilledDaemonSpecs()
    {
        _executor = new ScriptedExecutor(_clock);
        _engine = new Engine(_clock, executor: _executor);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(JobState.Failed, "its end was written, that it stops the batch was not")]
    [InlineData(JobState.Running, "its end was not written either")]
    public async Task The_rest_of_a_batch_whose_job_failed_just_before_is_cancelled(JobState left, string because)
    {
        long first = _engine.History.NextIds(3);
        JobRecord failed = left == JobState.Failed ? Records.Ended(first, JobState.Failed) : Records.Running(first);
        await Left(
            new BatchRecord(Id: 0, Name: null, "uid:0", Records.Start, MaxParallel: null, StopOnFailure: true),
            failed, Records.Queued(first + 1),
            Records.Queued(first + 2) with { State = JobState.Scheduled, Reason = JobReason.Time, NotBefore = Records.Start.AddDays(1) });

        await _engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        (await StatesFrom(first, 3)).Should().Equal(
            [left == JobState.Failed ? JobState.Failed : JobState.Lost, JobState.Canceled, JobState.Canceled], because);
        _executor.Starts.Should().BeEmpty();
    }

    [Fact]
    public async Task The_rest_of_a_batch_that_goes_on_after_a_failure_is_run()
    {
        long first = _engine.History.NextIds(2);
        await Left(
            new BatchRecord(Id: 0, Name: null, "uid:0", Records.Start, MaxParallel: 1, StopOnFailure: false),
            Records.Ended(first, JobState.Failed), Records.Queued(first + 1));

        await _engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        (await StatesFrom(first, 2)).Should().Equal(JobState.Failed, JobState.Succeeded);
    }

    [Fact]
    public async Task A_job_that_could_not_start_in_time_because_no_daemon_was_there_is_not_started()
    {
        long id = _engine.History.NextIds(1);
        await Left(batch: null, Records.Queued(id) with { ExpiresIn = TimeSpan.FromHours(1) });
        _clock.Advance(TimeSpan.FromHours(2));

        await _engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        JobRecord job = await TheEndOf(id);
        (job.State, job.Reason, job.StartedAt).Should().Be((JobState.Failed, JobReason.Expired, null));
        _executor.Starts.Should().BeEmpty();
    }

    [Fact]
    public async Task That_a_job_is_lost_is_told_to_those_who_follow_all_jobs()
    {
        var told = new ConcurrentQueue<JobRecord>();
        using IDisposable subscription = _engine.Service.Changes.Subscribe(told.Enqueue);
        long id = _engine.History.NextIds(1);
        await Left(batch: null, Records.Running(id));

        await _engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        await Eventually.Holds(() => told.Any(job => job.Id == id && job.State == JobState.Lost), "it is told", Reading.Limit);
    }

    private async Task Left(BatchRecord? batch, params JobRecord[] jobs) =>
        await _engine.History.AddAllAsync(new JobGroup([.. jobs.Select(job => new Addition(job))], batch));

    private async Task<JobState[]> StatesFrom(long first, int count)
    {
        var states = new JobState[count];
        for (int i = 0; i < count; i++)
        {
            states[i] = (await TheEndOf(first + i)).State;
        }

        return states;
    }

    private async Task<JobRecord> TheEndOf(long id)
    {
        await Eventually.Holds(() => _engine.Service.Find(id) is null, $"the history has the end of job {id}", Reading.Limit);
        return (await _engine.History.FindAsync(id))!;
    }
}
