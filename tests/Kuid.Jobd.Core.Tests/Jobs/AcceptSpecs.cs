using Dapper;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.Jobd.Core.Tests.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Jobs that are promised: on disk before they are accepted, run once, left to the next start.</summary>
public sealed class AcceptSpecs : IDisposable
{
    private static readonly IdempotencyKey Key = new("uid:0", "key", [1, 2, 3]);

    private readonly TempFolder _folder = new();

    private string Trace => _folder["trace"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_is_on_disk_with_its_input_when_it_is_accepted()
    {
        await using Engine engine = Open();
        await Occupy(engine);

        Acceptance accepted = await Accept(engine, "cat", with: spec => spec with { Stdin = JobInput.FromBytes(Specs.Bytes("input")) });

        accepted.Kind.Should().Be(AcceptanceKind.New);
        using SqliteJobStore killed = SqliteJobStore.Open(SqliteFiles.Copy(engine.Database, _folder["killed.db"]));
        using IJobReader reader = killed.OpenReader();
        reader.Find(accepted.Job.Id)!.State.Should().Be(JobState.Queued);
        reader.ReadStdin(accepted.Job.Id).Should().Equal(Specs.Bytes("input"));
    }

    [Fact]
    public async Task Its_start_is_on_disk_before_it_does_anything()
    {
        await using Engine engine = Open();

        Acceptance accepted = await Accept(engine, $"cp {engine.Database} {_folder["seen.db"]}; cp {engine.Database}-wal {_folder["seen.db-wal"]}");
        await Ended(engine, accepted);

        using SqliteJobStore seen = SqliteJobStore.Open(_folder["seen.db"]);
        using IJobReader reader = seen.OpenReader();
        reader.Find(accepted.Job.Id)!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public async Task Fifty_submissions_under_one_key_at_once_are_one_job()
    {
        await using Engine engine = Open();

        Acceptance[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Accept(engine, $"echo ran >> {Trace}", Key))));

        all.Count(accepted => accepted.Kind == AcceptanceKind.New).Should().Be(1);
        all.Count(accepted => accepted.Kind == AcceptanceKind.Replayed).Should().Be(49);
        all.Select(accepted => accepted.Job.Id).Distinct().Should().ContainSingle();
        await Ended(engine, all[0]);
        (await Accept(engine, "x", Key)).Job.State.Should().Be(JobState.Succeeded, "also when it is over");
        (await File.ReadAllLinesAsync(Trace)).Should().Equal("ran");
    }

    [Fact]
    public async Task A_key_for_something_else_is_refused_with_the_job_it_stands_for()
    {
        await using Engine engine = Open();
        Acceptance first = await Accept(engine, "true", Key);

        Acceptance second = await Accept(engine, $"echo ran >> {Trace}", Key with { Fingerprint = [9] });

        (second.Kind, second.Job.Id).Should().Be((AcceptanceKind.KeyReused, first.Job.Id));
        (await Accept(engine, "true", Key with { Principal = "uid:1", Fingerprint = [9] })).Kind.Should().Be(AcceptanceKind.New);
        File.Exists(Trace).Should().BeFalse();
    }

    [Fact]
    public async Task When_too_many_wait_the_next_is_refused_and_one_that_was_taken_is_still_replayed()
    {
        await using var engine = new Engine(concurrency: 1, queuedAtMost: 1);
        Job holder = await Occupy(engine);
        await Accept(engine, "true", Key);
        Func<Task> accept = () => Accept(engine, "true");

        await accept.Should().ThrowAsync<QueueFullException>().WithMessage("1 jobs wait or run already, which is the most");
        (await Accept(engine, "true", Key)).Kind.Should().Be(AcceptanceKind.Replayed);

        holder.RequestEnd(JobReason.Canceled);
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    await Accept(engine, "true");
                    return true;
                }
                catch (QueueFullException)
                {
                    return false;
                }
            },
            "there is a place again",
            Reading.Limit);
    }

    [Fact]
    public async Task Row_104_one_who_has_filled_his_part_of_the_queue_is_refused_and_the_others_are_not()
    {
        await using var engine = new Engine(concurrency: 1, queuedAtMost: 10, queuedAtMostEach: 2);
        await Accept(engine, "sleep 1000");
        await Accept(engine, "true");
        Func<Task> accept = () => Accept(engine, "true");

        await accept.Should().ThrowAsync<QueueFullException>().WithMessage("2 jobs of * wait or run already, which is the most for one");
        await engine.Service.AcceptAsync(Specs.Shell("true", spec => spec with { Principal = "uid:1", Queue = Scheduler.DefaultQueue }));
        await ((Task)engine.Shell("true").Ended).WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task Row_104_jobs_that_somebody_waits_for_are_bounded_too_and_a_full_queue_is_not_in_their_way()
    {
        await using var engine = new Engine(concurrency: 1, queuedAtMost: 2);
        await Accept(engine, "sleep 1000");
        await Accept(engine, "true");
        engine.Shell("sleep 1000");
        engine.Shell("sleep 1000");

        ((Func<Job>)(() => engine.Shell("true"))).Should().Throw<QueueFullException>();
    }

    [Fact]
    public async Task Large_commands_beyond_what_may_be_held_in_memory_are_refused()
    {
        await using var engine = new Engine(concurrency: 1, queuedBytesAtMost: 10_000);
        string large = "true #" + new string('x', 6000);
        await Accept(engine, "sleep 1000 #" + large);

        Func<Task> accept = () => Accept(engine, large);

        await accept.Should().ThrowAsync<QueueFullException>().WithMessage("*10000 bytes*");
        await Accept(engine, "true");
    }

    [Fact]
    public async Task Jobs_that_wait_when_the_service_stops_are_run_once_by_the_next()
    {
        Acceptance[] waiting;
        await using (Engine engine = Open())
        {
            await Occupy(engine);
            waiting = [await Accept(engine, $"echo 1 >> {Trace}"), await Accept(engine, $"cat >> {Trace}", with: spec => spec with { Stdin = JobInput.FromBytes(Specs.Bytes("2\n")) })];
            Task stopping = engine.Service.StopAsync(TimeSpan.Zero);
            Func<Task> late = () => Accept(engine, "true");
            await late.Should().ThrowAsync<DaemonStoppingException>();
            engine.Ending.Hurry();
            await stopping.WaitAsync(Reading.Limit);
        }

        File.Exists(Trace).Should().BeFalse();
        await using Engine next = Open();
        await next.Recovery.RunAsync().WaitAsync(Reading.Limit);
        await Task.WhenAll(waiting.Select(accepted => Ended(next, accepted)));

        (await File.ReadAllLinesAsync(Trace)).Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_sender_of_input_does_not_wait_for_a_job_that_is_left_to_the_next_start()
    {
        await using Engine engine = Open();
        await Occupy(engine);
        var input = new StreamedInput();
        await Accept(engine, "cat", with: spec => spec with { Stdin = input });
        Task<long?> sending = input.AppendAsync(0, Pieces.Of(new byte[300_000]), eof: true, default);

        engine.Ending.Hurry();
        await engine.Service.StopAsync(TimeSpan.Zero).WaitAsync(Reading.Limit);

        await sending.WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task A_job_that_cannot_be_recorded_is_not_taken()
    {
        await using Engine engine = Open();
        using (SqliteConnection other = Lock(engine))
        {
            Func<Task> accept = () => Accept(engine, $"echo ran >> {Trace}", Key);
            (await accept.Should().ThrowAsync<StoreException>()).Which.Fault.Should().Be(StoreFault.Locked);
        }

        engine.Service.Live.Should().BeEmpty();
        (await Accept(engine, $"echo again >> {Trace}", Key) is var accepted && accepted.Kind == AcceptanceKind.New).Should().BeTrue();
        await Ended(engine, accepted);
        (await File.ReadAllLinesAsync(Trace)).Should().Equal("again");
    }

    [Fact]
    public async Task A_job_whose_start_waits_for_the_disk_can_be_cancelled_and_does_not_run()
    {
        await using Engine engine = Open();
        Job holder = await Occupy(engine);
        Acceptance accepted = await Accept(engine, $"echo ran >> {Trace}");
        Job job = engine.Service.Find(accepted.Job.Id)!;
        using (SqliteConnection other = Lock(engine))
        {
            holder.RequestEnd(JobReason.Canceled);
            await Eventually.Holds(() => job.State == JobState.Running, "it has its turn", Reading.Limit);

            await engine.Service.CancelAsync(job.Id, "uid:7").WaitAsync(Reading.Limit);

            (await job.Result()).Reason.Should().Be(JobReason.Canceled);
        }

        await Ended(engine, accepted);
        JobRecord record = (await engine.History.FindAsync(job.Id))!;
        (record.State, record.EndedBy, record.Pid).Should().Be((JobState.Canceled, "uid:7", null));
        File.Exists(Trace).Should().BeFalse();
    }

    [Fact]
    public async Task A_job_whose_start_waits_for_the_disk_runs_when_the_disk_takes_it()
    {
        await using Engine engine = Open();
        Job holder = await Occupy(engine);
        Acceptance accepted = await Accept(engine, $"echo ran >> {Trace}");
        Job job = engine.Service.Find(accepted.Job.Id)!;
        using (SqliteConnection other = Lock(engine))
        {
            holder.RequestEnd(JobReason.Canceled);
            await Eventually.Holds(() => !engine.History.Health.IsAvailable, "the disk refuses", Reading.Limit);
            (job.State, job.Pid).Should().Be((JobState.Running, null));
        }

        (await job.Result()).Succeeded.Should().BeTrue();
        (await File.ReadAllLinesAsync(Trace)).Should().Equal("ran");
    }

    private Engine Open() => new(concurrency: 1, folder: _folder);

    /// <summary>Takes the one place of the queue.</summary>
    private static async Task<Job> Occupy(Engine engine)
    {
        Job holder = engine.Shell("echo ready; exec sleep 1000", spec => spec with { Queue = Scheduler.DefaultQueue });
        await holder.Says("ready");
        return holder;
    }

    private static Task<Acceptance> Accept(Engine engine, string command, IdempotencyKey? key = null, Func<JobSpec, JobSpec>? with = null) =>
        engine.Service.AcceptAsync(Specs.Shell(command, spec => (with?.Invoke(spec) ?? spec) with { Queue = Scheduler.DefaultQueue }), key).WaitAsync(Reading.Limit);

    private static SqliteConnection Lock(Engine engine)
    {
        SqliteConnection other = SqliteFiles.Connect(engine.Database);
        other.Execute("BEGIN EXCLUSIVE");
        return other;
    }

    private static Task Ended(Engine engine, Acceptance accepted) => Eventually.Holds(
        async () => engine.Service.Find(accepted.Job.Id) is null && (await engine.History.FindAsync(accepted.Job.Id)) is { HasEnded: true },
        "it is over and recorded",
        Reading.Limit);
}
