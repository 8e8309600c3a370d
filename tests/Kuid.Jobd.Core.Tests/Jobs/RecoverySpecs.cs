using System.Diagnostics;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.Jobd.Core.Tests.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>What a daemon finds that another has left which was killed.</summary>
public sealed class RecoverySpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Jobs_that_ran_are_lost()
    {
        Left(Records.Running(1), Records.Running(2) with { State = JobState.Canceling, EndedBy = "uid:7" }, Records.Ended(3));
        var clock = new ManualClock();
        await using var engine = new Engine(clock, folder: _folder);

        await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        foreach (long id in new long[] { 1, 2 })
        {
            JobRecord lost = (await engine.Service.GetAsync(id))!;
            (lost.State, lost.Reason, lost.OutputIncomplete, lost.FinishedAt).Should().Be((JobState.Lost, JobReason.Lost, true, clock.GetUtcNow().UtcDateTime));
            lost.Detail.Should().Be("the daemon died while it ran");
        }

        (await engine.Service.GetAsync(2))!.EndedBy.Should().Be("uid:7");
        (await engine.Service.GetAsync(3))!.State.Should().Be(JobState.Succeeded);
        engine.Service.Live.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_alive_of_a_lost_job_is_killed_before_recovery_is_over_and_a_stranger_with_its_number_is_not()
    {
        using Process lost = await Group();
        Process[] strangers = [await Group(), await Group(), await Group()];
        try
        {
            ProcessIdentity identity = ProcessIdentities.Of(lost.Id)!;
            Left(
                Of(1, lost, identity),
                Of(2, strangers[0], ProcessIdentities.Of(strangers[0].Id)! with { BootId = "another boot" }),
                Of(3, strangers[1], identity with { StartTicks = ProcessIdentities.Of(strangers[1].Id)!.StartTicks - 1 }),
                Of(4, strangers[2], identity: null));
            await using var engine = new Engine(folder: _folder);

            await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

            ProcessTable.IsAlive(lost.Id).Should().BeFalse();
            strangers.Should().OnlyContain(stranger => ProcessTable.IsAlive(stranger.Id));
            (await engine.Service.ListAsync(new JobQuery { States = [JobState.Lost] })).Jobs.Should().HaveCount(4);
        }
        finally
        {
            foreach (Process process in strangers.Append(lost))
            {
                process.Kill();
                await process.WaitForExitAsync().WaitAsync(Reading.Limit);
            }
        }
    }

    [Fact]
    public async Task Jobs_that_waited_run_once_in_their_order_with_their_input()
    {
        string order = _folder["order"];
        JobRecord Waiting(long id, int priority) => Records.Queued(id) with
        {
            Kind = JobKind.Shell,
            Argv = [Specs.Bytes("/bin/sh"), Specs.Bytes("-c"), Specs.Bytes($"cat >> {order}")],
            Priority = priority,
            StdinMode = StdinMode.Inline,
            StdinBytes = 2,
        };
        using (SqliteJobStore store = SqliteJobStore.Open(_folder["history.db"]))
        {
            store.Write(new WriteBatch
            {
                Additions = [.. new[] { (1, 0), (2, 0), (3, 5), (4, 0) }.Select(job => new Addition(Waiting(job.Item1, job.Item2), Specs.Bytes($"{job.Item1}\n")))],
            });
        }

        await using (var engine = new Engine(concurrency: 1, folder: _folder))
        {
            // The first one begins at once, when it is the only one.
            await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);
            await AllEnded(engine);
        }

        string[] ran = await File.ReadAllLinesAsync(order);
        ran.Should().BeEquivalentTo("1", "2", "3", "4");
        ran.Where(line => line != "3").Should().Equal("1", "2", "4");

        await using var next = new Engine(concurrency: 1, folder: _folder);
        await next.Recovery.RunAsync().WaitAsync(Reading.Limit);
        next.Service.Live.Should().BeEmpty();
        next.Recovery.LookThrough();
        (await next.Service.ListAsync(new JobQuery { States = [JobState.Succeeded] })).Jobs.Should().HaveCount(4);
    }

    [Fact]
    public async Task Input_that_is_not_there_whole_fails_its_job_rather_than_run_it_on_less()
    {
        Left(Records.Queued(1) with { StdinMode = StdinMode.Inline, StdinBytes = 5, Argv = [Specs.Bytes("touch"), Specs.Bytes(_folder["ran"])] });
        await using var engine = new Engine(folder: _folder);

        await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);
        await AllEnded(engine);

        JobRecord job = (await engine.Service.GetAsync(1))!;
        (job.State, job.Reason).Should().Be((JobState.Failed, JobReason.Stdin));
        File.Exists(_folder["ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_job_that_takes_its_input_in_pieces_takes_it_from_the_beginning()
    {
        Left(Records.Queued(1) with { StdinMode = StdinMode.Stream, Argv = [Specs.Bytes("cat")] });
        await using var engine = new Engine(folder: _folder);
        await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        (await engine.Service.StreamedInputOf(1)!.AppendAsync(0, Pieces.Of("again"), eof: true, default).WaitAsync(Reading.Limit)).Should().BeNull();

        await AllEnded(engine);
        using OutputReading reading = (await engine.Service.ReadOutputAsync(1))!;
        reading.Log!.AllKept(Core.Output.OutputStream.Stdout).Should().Equal(Specs.Bytes("again"));
    }

    private static JobRecord Of(long id, Process process, ProcessIdentity? identity) => Records.Running(id) with { Pid = process.Id, Process = identity };

    private void Left(params JobRecord[] jobs)
    {
        using SqliteJobStore store = SqliteJobStore.Open(_folder["history.db"]);
        store.Write(new WriteBatch { Changes = [.. jobs.Select(job => new Change(job))] });
    }

    private static Task AllEnded(Engine engine) => Eventually.Holds(() => !engine.Service.Live.Any(), "all jobs are over", Reading.Limit);

    // A process that leads a group of its own, as a job's does.
    private static async Task<Process> Group()
    {
        Process process = Process.Start("setsid", ["sleep", "1000"]);
        await Eventually.Holds(() => Core.Native.LibcProcess.SignalGroup(process.Id, 0) == 0, "it leads a group", Reading.Limit);
        return process;
    }
}
