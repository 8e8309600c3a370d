using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class DeleteSpecs
{
    [Fact]
    public async Task A_job_that_is_not_over_stays()
    {
        await using var engine = new Engine(concurrency: 1);
        Job running = engine.Shell("echo ready; exec sleep 1000", spec => spec with { Queue = "one" });
        await running.Says("ready");
        Job queued = engine.Shell("true", spec => spec with { Queue = "one" });

        (await engine.Service.DeleteAsync(running.Id)).Should().Be(DeleteOutcome.NotEnded);
        (await engine.Service.DeleteAsync(queued.Id)).Should().Be(DeleteOutcome.NotEnded);
        (await engine.Service.DeleteAsync(queued.Id + 1)).Should().Be(DeleteOutcome.NoSuchJob);

        (await engine.Service.GetAsync(running.Id))!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public async Task A_job_that_is_deleted_the_moment_it_is_over_is_gone_for_good()
    {
        await using var engine = new Engine();
        for (int i = 0; i < 100; i++)
        {
            using Job job = engine.Shell("echo some output");
            await job.Result();

            (await engine.Service.DeleteAsync(job.Id).WaitAsync(Reading.Limit)).Should().Be(DeleteOutcome.Deleted);

            (await engine.Service.GetAsync(job.Id)).Should().BeNull();
            await engine.History.FlushAsync();
            (await engine.History.FindAsync(job.Id)).Should().BeNull("nothing brings it back");
            (await engine.Service.DeleteAsync(job.Id)).Should().Be(DeleteOutcome.NoSuchJob);
        }

        (await engine.Service.ListAsync(new JobQuery())).Jobs.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_reads_the_output_of_a_job_that_is_deleted_reads_on()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("head -c 300000 /dev/zero");
        await job.Result();
        await Eventually.Holds(() => engine.Service.Find(job.Id) is null, "it is recorded", Reading.Limit);
        using OutputReading reading = (await engine.Service.ReadOutputAsync(job.Id))!;

        (await engine.Service.DeleteAsync(job.Id)).Should().Be(DeleteOutcome.Deleted);

        reading.Log!.AllKept(OutputStream.Stdout).Should().HaveCount(300_000);
        (await engine.Service.ReadOutputAsync(job.Id)).Should().BeNull();
    }
}
