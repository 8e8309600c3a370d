using System.Collections.Concurrent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>What subscribers are told of jobs, and what they cannot do to anybody else.</summary>
public sealed class JobChangesSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new();
    private readonly ConcurrentQueue<JobRecord> _told = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Every_state_of_a_job_is_told_in_order_with_its_first_and_its_last()
    {
        using IDisposable subscription = _engine.Service.Changes.Subscribe(_told.Enqueue);

        Job job = _engine.Shell("echo out; exit 3");

        await TheEndOf(job);
        _told.Select(told => told.State).Should().Equal(JobState.Queued, JobState.Running, JobState.Failed);
        _told.Select(told => told.Version).Should().BeInAscendingOrder();
        (_told.Last().WaitStatus, _told.Last().StdoutBytes).Should().Be((3 << 8, 4L), "it is the job as it was right after the change");
    }

    [Fact]
    public async Task A_cancelled_job_is_told_as_canceling_and_then_as_canceled()
    {
        using IDisposable subscription = _engine.Service.Changes.Subscribe(_told.Enqueue);
        Job job = _engine.Shell("echo ready; exec sleep 1000");
        await job.Says("ready");

        job.RequestEnd(JobReason.Canceled);

        await TheEndOf(job);
        _told.Select(told => told.State).Should().Equal(JobState.Queued, JobState.Running, JobState.Canceling, JobState.Canceled);
    }

    [Fact]
    public async Task The_changes_of_each_of_many_jobs_come_in_their_order()
    {
        using IDisposable subscription = _engine.Service.Changes.Subscribe(_told.Enqueue);

        Job[] jobs = [.. Enumerable.Range(0, 100).Select(_ => _engine.Shell("true"))];

        await Eventually.Holds(() => _told.Count(told => told.HasEnded) == jobs.Length, "each end is told", Reading.Limit);
        foreach (Job job in jobs)
        {
            _told.Where(told => told.Id == job.Id).Select(told => told.State)
                .Should().Equal(JobState.Queued, JobState.Running, JobState.Succeeded);
        }
    }

    [Fact]
    public async Task A_subscriber_that_throws_or_never_returns_is_nobody_elses_trouble()
    {
        using var never = new ManualResetEventSlim();
        using IDisposable throws = _engine.Service.Changes.Subscribe(_ => throw new InvalidOperationException("on purpose"));
        using IDisposable hangs = _engine.Service.Changes.Subscribe(_ => never.Wait());
        using IDisposable subscription = _engine.Service.Changes.Subscribe(_told.Enqueue);

        Job job = _engine.Shell("true");

        await TheEndOf(job);
        never.Set();
    }

    [Fact]
    public async Task Who_throws_is_called_again_for_the_next_change()
    {
        using IDisposable subscription = _engine.Service.Changes.Subscribe(told =>
        {
            _told.Enqueue(told);
            throw new InvalidOperationException("on purpose");
        });

        await TheEndOf(_engine.Shell("true"));

        _told.Should().HaveCount(3);
    }

    [Fact]
    public async Task Nothing_is_told_when_the_subscription_is_over()
    {
        using IDisposable witness = _engine.Service.Changes.Subscribe(_told.Enqueue);
        int calls = 0;
        _engine.Service.Changes.Subscribe(_ => Interlocked.Increment(ref calls)).Dispose();

        await TheEndOf(_engine.Shell("true"));

        calls.Should().Be(0);
    }

    [Fact]
    public async Task Who_falls_behind_is_told_that_it_missed_something_and_then_of_everything_again()
    {
        var changes = new JobChanges(NullLogger.Instance);
        using var gate = new ManualResetEventSlim();
        var heard = new ConcurrentQueue<long>();
        const long Missed = -1;
        using IDisposable subscription = changes.Subscribe(
            told =>
            {
                gate.Wait();
                heard.Enqueue(told.Id);
            },
            () => heard.Enqueue(Missed));
        JobRecord record = Specs.Shell("true").ToRecord(0, DateTime.UtcNow);
        changes.Publish(record);

        // Whether the first is still waiting or is being told already is the thread pool's: one more or less fits.
        for (long id = 1; id <= JobChanges.MostWaiting + 10; id++)
        {
            changes.Publish(record with { Id = id });
        }

        gate.Set();
        await Eventually.Holds(() => heard.Contains(Missed), "it is told that it missed something", Reading.Limit);
        changes.Publish(record with { Id = long.MaxValue });
        await Eventually.Holds(() => heard.Contains(long.MaxValue), "it is told of what comes then", Reading.Limit);

        heard.Where(id => id != Missed).Should().BeInAscendingOrder().And.HaveCountLessThanOrEqualTo(JobChanges.MostWaiting + 2);
        heard.Count(id => id == Missed).Should().Be(1);
        heard.TakeLast(2).Should().Equal(Missed, long.MaxValue);
    }

    private async Task TheEndOf(Job job) =>
        await Eventually.Holds(() => _told.Any(told => told.Id == job.Id && told.HasEnded), "the end is told", Reading.Limit);
}
