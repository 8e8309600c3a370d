using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Waiting for a change of a job: what ends the wait, and nothing else does.</summary>
public sealed class WaitSpecs : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly Engine _engine;

    public WaitSpecs() => _engine = new Engine(_clock);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task The_end_of_the_job_ends_the_wait()
    {
        Job job = await Running();
        Task<JobRecord?> waiting = _engine.Service.WaitAsync(job.Id, unlessVersion: null, Wait, default);
        waiting.IsCompleted.Should().BeFalse();

        job.RequestEnd(JobReason.Canceled);

        (await waiting.WaitAsync(Reading.Limit))!.State.Should().Be(JobState.Canceled);
    }

    [Fact]
    public async Task Another_version_than_the_known_one_ends_the_wait()
    {
        Job job = await Running();
        JobRecord known = job.Snapshot();
        Task<JobRecord?> waiting = _engine.Service.WaitAsync(job.Id, known.Version, Wait, default);
        waiting.IsCompleted.Should().BeFalse();
        (await _engine.Service.WaitAsync(job.Id, known.Version - 1, Wait, default).WaitAsync(Reading.Limit))!.Version.Should().Be(known.Version);

        job.RequestEnd(JobReason.Canceled);

        (await waiting.WaitAsync(Reading.Limit))!.Version.Should().BeGreaterThan(known.Version);
    }

    [Fact]
    public async Task The_time_ends_the_wait()
    {
        Job job = await Running();
        Task<JobRecord?> waiting = _engine.Service.WaitAsync(job.Id, job.Snapshot().Version, Wait, default);

        _clock.Advance(Wait - TimeSpan.FromTicks(1));
        waiting.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromTicks(1));

        (await waiting.WaitAsync(Reading.Limit))!.State.Should().Be(JobState.Running);
        (await _engine.Service.WaitAsync(job.Id, null, TimeSpan.Zero, default).WaitAsync(Reading.Limit))!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public async Task The_stop_of_the_service_ends_the_wait()
    {
        Job job = await Running();
        Task<JobRecord?> waiting = _engine.Service.WaitAsync(job.Id, null, Wait, default);

        _ = _engine.Service.StopAsync(TimeSpan.Zero);

        (await waiting.WaitAsync(Reading.Limit))!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_with_its_exception()
    {
        Job job = await Running();
        using var cancellation = new CancellationTokenSource();
        Task<JobRecord?> waiting = _engine.Service.WaitAsync(job.Id, null, Wait, cancellation.Token);

        await cancellation.CancelAsync();

        Func<Task> wait = () => waiting.WaitAsync(Reading.Limit);
        await wait.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Nobody_waits_for_a_job_that_is_over_or_not_there()
    {
        Job job = _engine.Shell("true");
        await job.Result();
        await Eventually.Holds(() => _engine.Service.Find(job.Id) is null, "it is forgotten", Reading.Limit);

        JobRecord ended = (await _engine.Service.WaitAsync(job.Id, null, Wait, default).WaitAsync(Reading.Limit))!;
        ended.State.Should().Be(JobState.Succeeded);
        (await _engine.Service.WaitAsync(job.Id, ended.Version, Wait, default).WaitAsync(Reading.Limit))!.Version.Should().Be(ended.Version);
        (await _engine.Service.WaitAsync(job.Id + 1, null, Wait, default).WaitAsync(Reading.Limit)).Should().BeNull();
    }

    private async Task<Job> Running()
    {
        Job job = _engine.Shell("echo ready; exec sleep 1000");
        await job.Says("ready");
        return job;
    }
}
