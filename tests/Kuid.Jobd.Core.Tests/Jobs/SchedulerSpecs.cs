using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class SchedulerSpecs
{
    [Fact]
    public void A_queue_gives_the_highest_priority_first_and_among_equals_the_oldest()
    {
        var space = new SpoolSpace("/nowhere");
        Arbitrary<int[]> priorities = Arb.From(Gen.OneOf(
            Gen.Choose(-2, 2), Gen.Elements(int.MinValue, int.MaxValue, int.MinValue + 1, -int.MaxValue)).ArrayOf());
        Prop.ForAll(priorities, all =>
        {
            var queue = new JobQueue("one", new RunningSlots());
            Job[] jobs = [.. all.Select((priority, i) => new Job(
                i, Specs.Shell("true", spec => spec with { Priority = priority }), new OutputLog(space, TimeProvider.System, null), TimeProvider.System))];
            Array.ForEach(jobs, queue.Add);

            var taken = new List<Job>();
            while (queue.TryTake(out Job? job))
            {
                taken.Add(job);
            }

            taken.Should().Equal(jobs.OrderByDescending(job => job.Spec.Priority).ThenBy(job => job.Id));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_lane_runs_as_many_jobs_at_once_as_it_may_and_never_more(int concurrency)
    {
        using var folder = new TempFolder();
        await using var engine = new Engine(concurrency: concurrency);

        // Each job leaves a mark while it runs and reports how many it saw. The first ones stay until the queue was full once.
        string marks = Directory.CreateDirectory(folder["marks"]).FullName;
        string count = $"ls {marks} | wc -l";
        string command = $"touch {marks}/$$; until [ $({count}) -ge {concurrency} ] || [ -e {folder["full"]} ]; do sleep 0.01; done; "
            + $"touch {folder["full"]}; {count}; sleep 0.05; rm {marks}/$$";
        Job[] jobs = [.. Enumerable.Range(0, 24).Select(_ => engine.Shell(command, spec => spec with { Queue = "narrow" }))];
        foreach (Job job in jobs)
        {
            (await job.Result()).Succeeded.Should().BeTrue();
        }

        int[] seen = [.. jobs.Select(job => int.Parse(job.Text(), System.Globalization.CultureInfo.InvariantCulture))];
        seen.Max().Should().Be(concurrency);
    }

    [Fact]
    public async Task Jobs_of_a_lane_start_by_priority_and_then_by_age()
    {
        using var folder = new TempFolder();
        await using var engine = new Engine(concurrency: 1);
        Job first = engine.Child(["sleep-until-signal"], spec => spec with { Queue = "one" });
        await first.Says("ready");
        int[] priorities = [0, 5, -1, 5, 0];
        Job[] jobs = [.. priorities.Select((priority, i) =>
            engine.Shell($"echo {i} >> {folder["order"]}", spec => spec with { Queue = "one", Priority = priority }))];

        first.RequestEnd(JobReason.Canceled);
        await Task.WhenAll(jobs.Select(job => job.Result()));

        (await File.ReadAllLinesAsync(folder["order"])).Should().Equal("1", "3", "0", "4", "2");
    }

    [Fact]
    public async Task A_job_without_a_lane_runs_at_once_and_a_full_lane_does_not_hold_up_another()
    {
        await using var engine = new Engine(concurrency: 1);
        Job holder = engine.Child(["sleep-until-signal"], spec => spec with { Queue = "full" });
        await holder.Says("ready");
        Job waiting = engine.Shell("true", spec => spec with { Queue = "full" });

        (await engine.Shell("true").Result()).Succeeded.Should().BeTrue();
        (await engine.Shell("true", spec => spec with { Queue = "other" }).Result()).Succeeded.Should().BeTrue();

        waiting.State.Should().Be(JobState.Queued);
        holder.RequestEnd(JobReason.Canceled);
        (await waiting.Result()).Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task A_job_that_cannot_start_and_one_that_was_cancelled_give_their_place_back()
    {
        await using var engine = new Engine(concurrency: 1);
        for (int i = 0; i < 10; i++)
        {
            engine.Submit(Specs.Of(Specs.Program("/no/such/program"), spec => spec with { Queue = "one" }));
            engine.Shell("sleep 300", spec => spec with { Queue = "one" }).RequestEnd(JobReason.Canceled);
        }

        (await engine.Shell("true", spec => spec with { Queue = "one" }).Result()).Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task A_job_that_is_cancelled_while_it_waits_is_held_no_longer()
    {
        await using var engine = new Engine(concurrency: 1);
        Job holder = engine.Child(["sleep-until-signal"], spec => spec with { Queue = "one" });
        await holder.Says("ready");

        for (int i = 0; i < 100; i++)
        {
            engine.Shell("true", spec => spec with { Queue = "one" }).RequestEnd(JobReason.Canceled);
        }

        await Eventually.Holds(() => engine.Scheduler.Held == (1, 0), () => $"one queue is there and nobody waits: {engine.Scheduler.Held}", Reading.Limit);
    }

    [Fact]
    public async Task A_queue_goes_when_nothing_waits_or_runs_in_it()
    {
        await using var engine = new Engine();
        Job[] jobs = [.. Enumerable.Range(0, 20).Select(i => engine.Shell("true", spec => spec with { Queue = $"queue-{i}" }))];
        await Task.WhenAll(jobs.Select(job => job.Result()));

        await Eventually.Holds(() => engine.Scheduler.Held == (0, 0), () => $"no queue is left: {engine.Scheduler.Held}", Reading.Limit);
    }
}
