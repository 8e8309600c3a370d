using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class JobServiceSpecs : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Engine _engine;

    public JobServiceSpecs() => _engine = new Engine(_clock, concurrency: 1);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Ids_ascend_and_a_job_is_found_until_it_is_over()
    {
        Job first = _engine.Child(["sleep-until-signal"]);
        Job second = _engine.Child(["sleep-until-signal"]);

        second.Id.Should().BeGreaterThan(first.Id);
        _engine.Service.Find(first.Id).Should().BeSameAs(first);
        _engine.Service.Live.Should().BeEquivalentTo([first, second]);
        await _engine.Service.CancelAsync(first.Id, "uid:0");
        await first.Result();

        await Eventually.Holds(() => _engine.Service.Find(first.Id) is null, "it is forgotten");
        (await _engine.Service.CancelAsync(first.Id, "uid:1"))!.EndedBy.Should().Be("uid:0");
        (await _engine.Service.CancelAsync(second.Id + 1, "uid:0")).Should().BeNull();
        _engine.Service.Live.Should().Equal(second);
    }

    [Fact]
    public async Task A_queued_job_that_is_cancelled_never_starts()
    {
        using var folder = new TempFolder();
        Job running = _engine.Child(["sleep-until-signal"], spec => spec with { Queue = "one" });
        await running.Says("ready");
        Job queued = _engine.Shell($"touch {folder["started"]}", spec => spec with { Queue = "one" });
        Job last = _engine.Shell("true", spec => spec with { Queue = "one" });

        (await _engine.Service.CancelAsync(queued.Id, "uid:0"))!.State.Should().Be(JobState.Canceled);

        JobResult result = await queued.Result();
        (result.Reason, queued.Snapshot().StartedAt, result.Status, queued.State).Should().Be((JobReason.Canceled, null, null, JobState.Canceled));
        await _engine.Service.CancelAsync(running.Id, "uid:0");
        await last.Result();
        File.Exists(folder["started"]).Should().BeFalse();
    }

    [Fact]
    public async Task Stopping_takes_no_more_jobs_and_ends_those_that_wait_at_once()
    {
        Job running = _engine.Child(["sleep-until-signal"], spec => spec with { Queue = "one" });
        await running.Says("ready");
        Job queued = _engine.Shell("true", spec => spec with { Queue = "one" });

        Task stopping = _engine.Service.StopAsync(TimeSpan.FromSeconds(1));

        JobResult result = await queued.Result();
        (result.Reason, queued.State).Should().Be((JobReason.Shutdown, JobState.Canceled));
        Action submit = () => _engine.Shell("true");
        submit.Should().Throw<DaemonStoppingException>();
        running.Ended.IsCompleted.Should().BeFalse("a running job has the grace period to finish");
        running.State.Should().Be(JobState.Running);
        stopping.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Stopping_waits_for_a_job_that_finishes_within_the_grace_period()
    {
        var input = new ControlledInput();
        Job running = _engine.Child(["pieces"], spec => spec with { Stdin = input });
        await running.Says("ready");
        Task stopping = _engine.Service.StopAsync(TimeSpan.FromSeconds(1));
        _clock.Advance(_engine.Ending.Grace - TimeSpan.FromSeconds(1));

        input.Send("exit 0\n");

        await stopping.WaitAsync(Reading.Limit);
        (await running.Result()).Reason.Should().Be(JobReason.Exit);
        running.State.Should().Be(JobState.Succeeded);
    }

    [Fact]
    public async Task Stopping_terms_after_the_grace_period_and_kills_after_the_time_it_is_given()
    {
        Job running = _engine.Child(["ignore-term"]);
        await running.Says("ready");
        Task stopping = _engine.Service.StopAsync(TimeSpan.FromSeconds(3));
        await Eventually.Holds(() => _clock.Waiting == 1, "the grace period has begun", Reading.Limit);

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        running.State.Should().Be(JobState.Running);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await running.Says("TERM");
        await Eventually.Holds(() => _clock.Waiting == 1, "the time to comply has begun", Reading.Limit);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        running.Ended.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        await stopping.WaitAsync(Reading.Limit);
        JobResult result = await running.Result();
        (result.Reason, running.State, result.Status!.Value.Signal).Should().Be((JobReason.Shutdown, JobState.Canceled, SignalNames.SIGKILL));
    }

    [Fact]
    public async Task Hurrying_ends_the_wait_for_running_jobs_and_their_grace_period()
    {
        Job running = _engine.Child(["ignore-term"]);
        await running.Says("ready");
        Task stopping = _engine.Service.StopAsync(TimeSpan.FromDays(1));

        _engine.Ending.Hurry();

        await stopping.WaitAsync(Reading.Limit);
        (await running.Result()).Reason.Should().Be(JobReason.Shutdown);
    }

    [Fact]
    public async Task Stopping_with_nothing_to_do_is_done_at_once_and_can_be_repeated()
    {
        await _engine.Shell("true").Result();
        await Eventually.Holds(() => !_engine.Service.Live.Any(), "the job is forgotten");

        await _engine.Service.StopAsync(TimeSpan.Zero).WaitAsync(Reading.Limit);
        await _engine.Service.StopAsync(TimeSpan.Zero).WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task Jobs_submitted_while_the_service_stops_run_or_are_refused_and_none_is_left()
    {
        await using var engine = new Engine(concurrency: 2);
        Task<int>[] submitting = [.. Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            int taken = 0;
            try
            {
                while (true)
                {
                    Job job = engine.Shell("true", spec => i % 2 == 0 ? spec : spec with { Queue = $"lane {taken % 5}" });
                    taken++;
                    await Task.WhenAny(job.Ended, Task.Delay(5));
                }
            }
            catch (DaemonStoppingException)
            {
                return taken;
            }
        }))];
        await Eventually.Holds(() => engine.Service.Live.Any(), "jobs come");

        await engine.Service.StopAsync(TimeSpan.FromSeconds(5)).WaitAsync(Reading.Limit);

        (await Task.WhenAll(submitting).WaitAsync(Reading.Limit)).Sum().Should().BePositive();
        engine.Service.Live.Should().BeEmpty();
    }
}
