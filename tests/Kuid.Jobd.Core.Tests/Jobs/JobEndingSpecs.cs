using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Everything that ends a job before it ends by itself. The clock is the test's, so a grace period lasts as long as it says.</summary>
public sealed class JobEndingSpecs : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Engine _engine;

    public JobEndingSpecs() => _engine = new Engine(_clock);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_cancelled_job_gets_SIGTERM_and_ends_canceled()
    {
        Job job = _engine.Child(["sleep-until-signal"]);
        await job.Says("ready");

        (await _engine.Service.CancelAsync(job.Id, "uid:0"))!.EndedBy.Should().Be("uid:0");
        job.State.Should().BeOneOf(JobState.Canceling, JobState.Canceled);

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Signal, job.State).Should().Be((JobReason.Canceled, SignalNames.SIGTERM, JobState.Canceled));
        result.Succeeded.Should().BeFalse();
    }

    [Fact]
    public async Task Row_42_a_job_that_ignores_TERM_is_killed_after_the_grace_period_and_not_before()
    {
        Job job = _engine.Child(["ignore-term"], spec => spec with { Grace = TimeSpan.FromSeconds(7) });
        await job.Says("ready");
        job.RequestEnd(JobReason.Canceled);
        await job.Says("TERM");
        await Eventually.Holds(() => _clock.Waiting > 0, "the grace period has begun", Reading.Limit);

        _clock.Advance(TimeSpan.FromSeconds(6.9));
        ProcessTable.IsAlive(job.Pid!.Value).Should().BeTrue();
        job.Ended.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Signal).Should().Be((JobReason.Canceled, SignalNames.SIGKILL));
        job.Text().Should().Be("ready\nTERM\n", "one SIGTERM was sent");
    }

    [Fact]
    public async Task Row_42_the_kill_reaches_the_whole_group()
    {
        Job job = _engine.Shell("trap '' TERM; sleep 300 & echo $!; wait; sleep 300", spec => spec with { Grace = TimeSpan.FromSeconds(1) });
        await job.Says("\n");
        int sleeper = int.Parse(job.Text(), System.Globalization.CultureInfo.InvariantCulture);
        job.RequestEnd(JobReason.Canceled);
        await Eventually.Holds(() => _clock.Waiting > 0, "the grace period has begun", Reading.Limit);
        ProcessTable.IsAlive(sleeper).Should().BeTrue("an ignored signal is ignored by children too");

        _clock.Advance(TimeSpan.FromSeconds(1));

        (await job.Result()).Status!.Value.Signal.Should().Be(SignalNames.SIGKILL);
        await Eventually.Holds(() => !ProcessTable.IsAlive(sleeper), "the whole group is gone");
    }

    [Fact]
    public async Task A_job_that_complies_with_TERM_ends_with_its_own_status_and_counts_as_canceled()
    {
        Job job = _engine.Shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await job.Says("ready");

        job.RequestEnd(JobReason.Canceled);

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Raw, job.State).Should().Be((JobReason.Canceled, 0, JobState.Canceled));
    }

    [Fact]
    public async Task Row_43_a_stopped_job_is_continued_so_that_it_sees_its_TERM()
    {
        Job job = _engine.Child(["stop-itself"]);
        await Eventually.Holds(() => job.Pid is { } pid && ProcessTable.State(pid) == 'T', "the job has stopped", Reading.Limit);

        job.RequestEnd(JobReason.Canceled);

        (await job.Result()).Status!.Value.Signal.Should().Be(SignalNames.SIGTERM, "no grace period has passed on this clock");
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_it_may_fails_with_timeout_and_not_before()
    {
        Job job = _engine.Child(["sleep-until-signal"], spec => spec with { Timeout = TimeSpan.FromMinutes(3) });
        await job.Says("ready");
        _clock.Advance(TimeSpan.FromSeconds(179));
        job.Ended.IsCompleted.Should().BeFalse();
        ProcessTable.IsAlive(job.Pid!.Value).Should().BeTrue();

        _clock.Advance(TimeSpan.FromSeconds(1));

        JobResult result = await job.Result();
        (result.Reason, job.State, result.Status!.Value.Signal).Should().Be((JobReason.Timeout, JobState.Failed, SignalNames.SIGTERM));
        result.Duration.Should().Be(TimeSpan.FromMinutes(3));
        (result.FinishedAt - job.Snapshot().StartedAt!.Value).Should().Be(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task The_timeout_of_a_job_that_ended_in_time_is_called_off()
    {
        Job job = _engine.Shell("true", spec => spec with { Timeout = TimeSpan.FromMinutes(3) });

        (await job.Result()).Reason.Should().Be(JobReason.Exit);

        _clock.Waiting.Should().Be(0);
        _clock.Advance(TimeSpan.FromHours(1));
        job.State.Should().Be(JobState.Succeeded);
    }

    [Fact]
    public async Task The_first_reason_wins()
    {
        Job job = _engine.Child(["ignore-term"], spec => spec with { Grace = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1) });
        await job.Says("ready");

        job.RequestEnd(JobReason.Canceled).Should().BeTrue();
        job.RequestEnd(JobReason.Shutdown).Should().BeFalse();
        await Eventually.Holds(() => _clock.Waiting == 2, "the grace period has begun beside the deadline", Reading.Limit);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await job.Result()).Reason.Should().Be(JobReason.Canceled);
        job.State.Should().Be(JobState.Canceled);
        job.RequestEnd(JobReason.Shutdown).Should().BeFalse();
    }

    [Fact]
    public async Task Input_that_is_cut_off_gives_the_job_an_end_of_file_and_ends_it_failed()
    {
        var input = new ControlledInput();
        Job job = _engine.Shell("echo ready; cat; echo eof; exec sleep 300", spec => spec with { Stdin = input });
        await job.Says("ready");
        input.Send("abc");
        await job.Says("abc");

        input.Cut();

        JobResult result = await job.Result();
        (result.Reason, job.State, result.Succeeded).Should().Be((JobReason.Stdin, JobState.Failed, false));
    }

    [Fact]
    public async Task Hurry_ends_a_grace_period_that_is_under_way()
    {
        Job job = _engine.Child(["ignore-term"], spec => spec with { Grace = TimeSpan.FromDays(1) });
        await job.Says("ready");
        job.RequestEnd(JobReason.Canceled);
        await job.Says("TERM");

        _engine.Ending.Hurry();

        (await job.Result()).Status!.Value.Signal.Should().Be(SignalNames.SIGKILL);
    }

    [Fact]
    public async Task A_job_that_cannot_start_fails_with_spawn_and_says_why()
    {
        Job job = _engine.Submit(Specs.Of(Specs.Program("/no/such/program")));

        JobResult result = await job.Result();

        (result.Reason, result.Status, job.State, job.Pid).Should().Be((JobReason.Spawn, null, JobState.Failed, null));
        result.Detail.Should().StartWith("exec /no/such/program: ENOENT");
        await Eventually.Holds(() => !_engine.Service.Live.Any(), "it is forgotten");
    }

    [Fact]
    public async Task Signalling_a_job_reaches_its_group_while_it_runs_and_nobody_after_it()
    {
        Job job = _engine.Child(["sleep-until-signal"]);
        await job.Says("ready");

        (await _engine.Service.SignalAsync(job.Id, 10)).Should().Be(SignalOutcome.Sent);

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Signal, job.State).Should().Be((JobReason.Signal, 10, JobState.Failed));
        job.Signal(SignalNames.SIGKILL).Should().BeFalse();
        (await _engine.Service.SignalAsync(job.Id, SignalNames.SIGKILL)).Should().Be(SignalOutcome.NotRunning);
        (await _engine.Service.SignalAsync(job.Id + 1, SignalNames.SIGKILL)).Should().Be(SignalOutcome.NoSuchJob);
    }
}
