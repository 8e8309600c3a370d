using Kuid.Jobd.Core.Jobs;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>What jobs cost the daemon: no zombie, no descriptor, no CPU time while nothing happens.</summary>
[Collection(nameof(Alone))]
public sealed class JobResourcesSpecs
{
    [Fact]
    public async Task Row_54_many_short_jobs_with_double_forks_among_them_leave_no_zombie_and_no_descriptor()
    {
        const int Jobs = 600;
        IReadOnlyDictionary<string, int>? before = null;
        for (int round = 0; round < 2; round++)
        {
            await using var engine = new Engine(concurrency: 16);
            Job[] jobs = [.. Enumerable.Range(0, Jobs / 2).Select(i => engine.Shell(
                i % 5 == 0 ? "( (sleep 0.01; echo late) & ) ; echo soon" : "echo soon", spec => spec with { Queue = "many" }))];
            foreach (Job job in jobs)
            {
                (await job.Result()).Succeeded.Should().BeTrue();
            }

            jobs.Where((_, i) => i % 5 == 0).Should().OnlyContain(job => job.Text().Contains("late", StringComparison.Ordinal));
            await Eventually.Holds(() => ProcessTable.Zombies(Environment.ProcessId).Count == 0, "no zombie is left");
            engine.Reactor.Count.Should().Be(0);

            // The first round opens what stays open.
            before ??= OwnDescriptors.Count();
            await OwnDescriptors.AreBackAt(before);
        }
    }

    [Fact]
    public async Task Row_35_waiting_for_a_job_that_closed_its_outputs_takes_no_CPU_time()
    {
        await using var engine = new Engine();
        var input = new ControlledInput();
        Job job = engine.Shell(Specs.CloseOutputAndRun, spec => spec with { Stdin = input });
        await job.Says("ready");
        await Eventually.Holds(() => engine.Reactor.Count == 2, "only its stdin and its pidfd are left", Reading.Limit);
        GC.Collect();

        await QuietSecond.Of(Environment.ProcessId);
        input.End();
        (await job.Result()).Status!.Value.Raw.Should().Be(3 << 8);
    }
}
