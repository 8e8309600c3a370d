using System.Globalization;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Row 33: a descendant that holds the streams after the process has exited.</summary>
public sealed class JobDescendantsSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Row_33_without_a_drain_the_job_lasts_as_long_as_its_output_is_held()
    {
        Job job = _engine.Child(["grandchild"]);
        int grandchild = await Grandchild(job);
        await Eventually.Holds(() => ProcessTable.State(job.Pid!.Value) == 'Z', "the job's process has exited", Reading.Limit);
        job.Ended.IsCompleted.Should().BeFalse();

        await Kill(grandchild);

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Raw, result.OutputIncomplete).Should().Be((JobReason.Exit, 0, false));
    }

    [Fact]
    public async Task Row_33_with_a_drain_the_job_ends_after_it_and_says_that_output_may_be_missing()
    {
        var clock = new ManualClock();
        await using var engine = new Engine(clock);
        Job job = engine.Child(["grandchild"], spec => spec with { Drain = TimeSpan.FromSeconds(5) });
        int grandchild = await Grandchild(job);
        await Eventually.Holds(() => clock.Waiting > 0, "the drain has begun", Reading.Limit);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        job.Ended.IsCompleted.Should().BeFalse("not before its time");

        clock.Advance(TimeSpan.FromSeconds(0.1));

        JobResult result = await job.Result();
        (result.Reason, result.Status!.Value.Raw, result.OutputIncomplete, job.State)
            .Should().Be((JobReason.Exit, 0, true, JobState.Succeeded));
        ProcessTable.IsAlive(grandchild).Should().BeTrue("only the streams are let go, not the process");
        await Kill(grandchild);
    }

    [Fact]
    public async Task Row_33_a_drain_costs_a_job_nothing_whose_output_ends_with_it()
    {
        // On this clock no time passes at all.
        await using var engine = new Engine(new ManualClock());
        Job job = engine.Shell("echo done", spec => spec with { Drain = TimeSpan.FromSeconds(5) });

        (await job.Result()).OutputIncomplete.Should().BeFalse();
        job.Text().Should().Be("done\n");
    }

    [Fact]
    public async Task A_cancel_kills_the_descendants_of_a_process_that_has_exited()
    {
        Job job = _engine.Child(["grandchild"]);
        int grandchild = await Grandchild(job);
        await Eventually.Holds(() => ProcessTable.State(job.Pid!.Value) == 'Z', "the job's process has exited", Reading.Limit);

        job.RequestEnd(JobReason.Canceled).Should().BeTrue();

        (await job.Result()).Reason.Should().Be(JobReason.Canceled);
        await Eventually.Holds(() => !ProcessTable.IsAlive(grandchild), "the descendant is gone");
    }

    [Fact]
    public async Task A_descendant_that_left_the_group_is_not_waited_for_after_the_kill()
    {
        Job job = _engine.Shell("setsid sleep 300 & echo $!; wait", spec => spec with { Grace = TimeSpan.Zero });
        int stranger = await Grandchild(job);

        // setsid executes sleep when it has made the session, and not before.
        await Eventually.Holds(
            () => !ProcessTable.WithCommandLine("setsid sleep").Contains(stranger) && ProcessTable.IsAlive(stranger),
            "it has a session of its own",
            Reading.Limit);

        job.RequestEnd(JobReason.Canceled);

        JobResult result = await job.Result();
        (result.Reason, result.OutputIncomplete).Should().Be((JobReason.Canceled, true));
        ProcessTable.IsAlive(stranger).Should().BeTrue();
        await Kill(stranger);
    }

    [Fact]
    public async Task A_descendant_that_left_the_group_and_never_stops_writing_does_not_keep_the_job_alive()
    {
        Job job = _engine.Shell("setsid yes & echo $!; wait", spec => spec with { Grace = TimeSpan.Zero, KeepOutput = 1000 });
        int stranger = await Grandchild(job);
        await Eventually.Holds(() => job.Output.Produced(OutputStream.Stdout) > 1_000_000, "it floods", Reading.Limit);

        job.RequestEnd(JobReason.Canceled);

        (await job.Result()).Reason.Should().Be(JobReason.Canceled);
        await Eventually.Holds(() => !ProcessTable.IsAlive(stranger), "nobody reads what it writes, so it dies of it");
    }

    [Fact]
    public async Task Row_35_a_job_that_closes_its_outputs_and_runs_on_is_waited_for()
    {
        var input = new ControlledInput();
        Job job = _engine.Shell(Specs.CloseOutputAndRun, spec => spec with { Stdin = input });
        await job.Says("ready");

        await Eventually.Holds(() => _engine.Reactor.Count == 2, "only its stdin and its pidfd are left", Reading.Limit);
        input.Send("x");
        await Eventually.Holds(() => input.Taken == 1, "it still reads", Reading.Limit);
        job.Ended.IsCompleted.Should().BeFalse();
        input.End();

        (await job.Result()).Status!.Value.Raw.Should().Be(3 << 8);
    }

    private static async Task<int> Grandchild(Job job)
    {
        await job.Says("\n");
        return int.Parse(job.Text().Split('\n')[0], CultureInfo.InvariantCulture);
    }

    private static async Task Kill(int pid) =>
        (await ToolRun.Of("kill", ["-9", pid.ToString(CultureInfo.InvariantCulture)])).ExitCode.Should().Be(0);
}
