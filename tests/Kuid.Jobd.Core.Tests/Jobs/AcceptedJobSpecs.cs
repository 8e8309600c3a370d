using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Jobs that are on disk before they are accepted, and what is on disk when their clients are told of a change.</summary>
public sealed class AcceptedJobSpecs
{
    [Fact]
    public async Task Who_is_told_that_a_waiting_job_is_cancelled_finds_that_on_disk()
    {
        await using var engine = new Engine(concurrency: 1);
        Job holder = engine.Child(["sleep-until-signal"], spec => spec with { Queue = "one" });
        await holder.Says("ready");
        for (int i = 0; i < 10; i++)
        {
            long id = (await engine.Service.AcceptAsync(Specs.Shell("true", spec => spec with { Queue = "one" }))).Job.Id;

            (await engine.Service.CancelAsync(id, by: "uid:1"))!.State.Should().Be(JobState.Canceled);

            (await engine.History.FindAsync(id))!.State.Should().Be(JobState.Canceled, "a daemon that is killed now must not run it at its next start");
        }
    }

    [Fact]
    public async Task A_running_job_that_is_being_cancelled_is_listed_as_that()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("trap '' TERM; echo ready; while :; do sleep 0.1; done", spec => spec with { Grace = TimeSpan.FromDays(1) });
        await job.Says("ready");

        await engine.Service.CancelAsync(job.Id, by: "uid:1");

        await Kuid.TestKit.Eventually.Holds(
            async () => (await engine.Service.ListAsync(new JobQuery { States = [JobState.Canceling] })).Jobs.Any(listed => listed.Id == job.Id),
            "the list of those that are being cancelled has it",
            Reading.Limit);
        job.State.Should().Be(JobState.Canceling);
    }
}
