using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>Jobs in each stage before their turn: what can be done to them there, and where they are after a stop.</summary>
public sealed class StageSpecs : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ScriptedExecutor _executor;

    public StageSpecs() => _executor = new ScriptedExecutor(_clock);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_in_any_stage_can_be_cancelled_and_nothing_of_it_stays()
    {
        await using Engine engine = Open();
        _executor.Succeeds = _ => false;
        JobRecord[] jobs = await OneOfEachStage(engine);

        // The last first: what comes after another would go on when that is over.
        foreach (JobRecord job in jobs.Reverse())
        {
            JobRecord canceled = (await engine.Service.CancelAsync(job.Id, "uid:7"))!;
            (canceled.State, canceled.Reason, canceled.EndedBy).Should().Be((JobState.Canceled, JobReason.Canceled, "uid:7"), $"{job.Reason}");
        }

        await Eventually.Holds(() => engine.Service.Waits == (0, 0), () => $"nothing is left: {engine.Service.Waits}", Reading.Limit);
    }

    [Fact]
    public async Task A_job_in_any_stage_is_there_again_after_a_stop_and_goes_on()
    {
        long[] ids;
        await using (Engine engine = Open())
        {
            _executor.Succeeds = _ => false;
            ids = [.. (await OneOfEachStage(engine)).Select(job => job.Id)];
        }

        _executor.Succeeds = _ => true;
        await using Engine again = Open();
        await again.Recovery.RunAsync();
        ids.Select(id => again.Service.Find(id)!.Standing.Reason).Should().Equal(JobReason.Time, JobReason.Dependency, JobReason.Retry, null);
        await again.Service.Queues.ResumeAsync("paused");
        await EndAll(again, ids);

        foreach (long id in ids)
        {
            JobRecord job = (await again.History.FindAsync(id))!;
            (job.State, job.Attempt).Should().Be((JobState.Succeeded, id == ids[2] ? 2 : 1));
        }
    }

    [Fact]
    public async Task A_job_that_ran_when_the_daemon_died_is_tried_again_if_it_has_an_attempt_left_and_lost_if_not()
    {
        await using Engine engine = Open();
        JobRecord Ran(long id, int maxAttempts) => new()
        {
            Id = id,
            Version = 2,
            Kind = JobKind.Argv,
            State = JobState.Running,
            Origin = JobOrigin.Http,
            Principal = "uid:0",
            Queue = "default",
            Argv = [Specs.Bytes("true")],
            CreatedAt = _clock.GetUtcNow().UtcDateTime,
            StartedAt = _clock.GetUtcNow().UtcDateTime,
            MaxAttempts = maxAttempts,
        };
        long first = engine.History.NextIds(2);
        await engine.History.AddAllAsync(new JobGroup([new Addition(Ran(first, 2)), new Addition(Ran(first + 1, 1))]));

        await engine.Recovery.RunAsync();
        engine.Service.Find(first)!.Standing.Reason.Should().Be(JobReason.Retry);
        await EndAll(engine, first);

        JobRecord again = (await engine.History.FindAsync(first))!;
        (again.State, again.Attempt).Should().Be((JobState.Succeeded, 2));
        (await engine.History.FindAsync(first + 1))!.State.Should().Be(JobState.Lost);
    }

    [Fact]
    public async Task A_queued_job_that_gets_a_later_time_waits_for_it_and_one_that_waits_goes_on_when_its_time_is_put_back()
    {
        await using Engine engine = Open();
        await engine.Service.Queues.PutAsync("paused", 1, paused: true);
        long id = (await Accept(engine, spec => spec with { Queue = "paused" })).Id;

        (await Update(engine, id, new JobUpdate { NotBefore = Now + Hour })).Should().Be(UpdateOutcome.Updated);
        engine.Service.Find(id)!.Standing.Should().Be((JobState.Scheduled, JobReason.Time, Now + Hour));
        (await Update(engine, id, new JobUpdate { NotBefore = Now })).Should().Be(UpdateOutcome.Updated);
        _clock.Advance(TimeSpan.Zero);
        engine.Service.Find(id)!.State.Should().Be(JobState.Queued);

        await engine.Service.Queues.ResumeAsync("paused");
        await EndAll(engine, id);
        (await Update(engine, id, new JobUpdate { Priority = 1 })).Should().Be(UpdateOutcome.NotQueued);
        (await Update(engine, id + 1000, new JobUpdate { Priority = 1 })).Should().Be(UpdateOutcome.NoSuchJob);
    }

    [Fact]
    public async Task A_change_is_made_to_the_version_that_it_is_meant_for_only()
    {
        await using Engine engine = Open();
        await engine.Service.Queues.PutAsync("paused", 1, paused: true);
        JobRecord job = await Accept(engine, spec => spec with { Queue = "paused" });

        (await engine.Service.UpdateAsync(job.Id, new JobUpdate { Priority = 1 }, job.Version + 1)).Should().Be(UpdateOutcome.VersionMismatch);
        (await engine.Service.UpdateAsync(job.Id, new JobUpdate { Priority = 2 }, job.Version)).Should().Be(UpdateOutcome.Updated);

        (await engine.History.FindAsync(job.Id))!.Priority.Should().Be(2, "it is on disk");
    }

    [Fact]
    public async Task Of_jobs_that_replace_each_other_the_last_is_left_also_after_a_restart()
    {
        long[] ids;
        await using (Engine engine = Open())
        {
            await engine.Service.Queues.PutAsync("paused", 1, paused: true);
            ids = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
                (await Accept(engine, spec => spec with { Queue = "paused", Key = "k", KeyPolicy = KeyPolicy.Replace })).Id))];
            await Eventually.Holds(() => engine.Service.Live.Count() == 1, "one is left", Reading.Limit);
        }

        await using Engine again = Open();
        await again.Recovery.RunAsync();
        again.Service.Live.Should().ContainSingle();
        foreach (long id in ids.Where(id => again.Service.Find(id) is null))
        {
            (await again.History.FindAsync(id))!.State.Should().Be(JobState.Canceled);
        }
    }

    [Fact]
    public async Task Fifty_submissions_that_skip_under_one_idempotency_key_at_once_are_one_job()
    {
        await using Engine engine = Open();
        await engine.Service.Queues.PutAsync("paused", 1, paused: true);
        var key = new IdempotencyKey("uid:0", "k", [1]);

        Acceptance[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => engine.Service.AcceptAsync(
            Specs.Shell("x", spec => spec with { Queue = "paused", Key = "k", KeyPolicy = KeyPolicy.Skip }), key))));

        all.Select(each => each.Job.Id).Distinct().Should().ContainSingle();
        all.Count(each => each.Kind == AcceptanceKind.New).Should().Be(1);
        Func<Task> other = () => Accept(engine, spec => spec with { Queue = "paused", Key = "k", KeyPolicy = KeyPolicy.Skip });
        (await other.Should().ThrowAsync<KeyTakenException>()).Which.Job.Should().Be(all[0].Job.Id);
    }

    [Fact]
    public async Task The_input_of_a_job_is_in_memory_while_an_attempt_runs_and_not_while_it_pauses()
    {
        await using Engine engine = Open();
        _executor.Succeeds = _ => false;
        List<string> read = [];
        _executor.Reads = async job => read.Add(Encoding.UTF8.GetString(await Rest(job.Spec.Stdin)));
        long id = (await Accept(engine, spec => spec with { MaxAttempts = 2, RetryBackoff = Hour, Stdin = JobInput.FromBytes("in"u8.ToArray()) })).Id;

        await Eventually.Holds(() => engine.Service.Find(id)!.Standing.Reason == JobReason.Retry, "its first attempt has failed", Reading.Limit);
        (await Rest(engine.Service.Find(id)!.Spec.Stdin)).Should().BeEmpty();
        await EndAll(engine, id);

        read.Should().Equal("in", "in");
    }

    private static async Task<byte[]> Rest(JobInput input)
    {
        byte[] bytes = new byte[16];
        return bytes[..await input.ReadAsync(bytes, CancellationToken.None)];
    }

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    private Engine Open() => new(_clock, folder: _folder, executor: _executor);

    /// <summary>Jobs that wait for a time, another job, their next attempt and their turn.</summary>
    private async Task<JobRecord[]> OneOfEachStage(Engine engine)
    {
        await engine.Service.Queues.PutAsync("paused", 1, paused: true);
        JobRecord time = await Accept(engine, spec => spec with { NotBefore = Now + Hour });
        JobRecord dependent = await Accept(engine, spec => spec with { After = [time.Id], AfterMode = AfterMode.End });
        JobRecord retry = await Accept(engine, spec => spec with { MaxAttempts = 2, RetryBackoff = Hour });
        await Eventually.Holds(() => engine.Service.Find(retry.Id)!.Standing.Reason == JobReason.Retry, "its first attempt has failed", Reading.Limit);
        JobRecord queued = await Accept(engine, spec => spec with { Queue = "paused" });
        return [time, dependent, retry, queued];
    }

    private static async Task<JobRecord> Accept(Engine engine, Func<JobSpec, JobSpec> with) =>
        (await engine.Service.AcceptAsync(with(Specs.Shell("scripted", spec => spec with { Queue = "default" })))).Job;

    private static Task<UpdateOutcome> Update(Engine engine, long id, JobUpdate update) => engine.Service.UpdateAsync(id, update);

    private Task EndAll(Engine engine, params long[] ids) => Eventually.Holds(
        () =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            return ids.All(id => engine.Service.Find(id) is null);
        },
        () => string.Join('\n', engine.Service.Live.Select(job => $"{job.Id} {job.Standing}")),
        Reading.Limit);
}
