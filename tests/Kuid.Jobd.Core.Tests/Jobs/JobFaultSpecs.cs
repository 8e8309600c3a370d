using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>What goes wrong on the daemon's own side ends the job it happened to, and leaves nothing of it.</summary>
public sealed class JobFaultSpecs
{
    [Fact]
    public async Task A_fault_of_the_daemon_kills_and_reaps_the_process()
    {
        await using var engine = new Engine();
        var input = new ControlledInput();
        Job job = engine.Shell("echo ready; sleep 1000", spec => spec with { Stdin = input });
        await job.Says("ready");

        // The runner waits for the input when the job is to end, and meets what no input should throw.
        job.RequestEnd(JobReason.Canceled);
        input.Break(new InvalidOperationException("injected"));
        JobResult result = await job.Result();

        result.Status!.Value.Signal.Should().NotBeNull();
        ProcessTable.State(job.Pid!.Value).Should().BeNull("it is reaped");
        engine.Reactor.Count.Should().Be(0);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(-1)]
    public async Task A_time_that_no_timer_can_keep_is_refused_before_anything_runs(int days)
    {
        await using var engine = new Engine();

        Action submit = () => engine.Shell("true", spec => spec with { Timeout = TimeSpan.FromDays(days) });

        submit.Should().Throw<ArgumentOutOfRangeException>().WithMessage("allowed: 0 to 4233600 seconds*Timeout*");
        engine.Service.Live.Should().BeEmpty();
    }

    [Fact]
    public async Task A_script_whose_input_is_cut_off_does_not_come_to_its_next_command()
    {
        using var folder = new TempFolder();
        await using var engine = new Engine();

        // Repeated, because the moment between the end of file and the signal would be short.
        for (int round = 0; round < 50; round++)
        {
            var input = new ControlledInput();
            Job job = engine.Shell($"cat; touch {folder["ran"]}", spec => spec with { Stdin = input });
            input.Send("some");
            await job.Says("some");
            input.Cut();

            (await job.Result()).Reason.Should().Be(JobReason.Stdin);
            File.Exists(folder["ran"]).Should().BeFalse();
        }
    }

    [Fact]
    public async Task A_writer_outside_the_group_that_never_stops_does_not_keep_the_job()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("setsid sh -c 'echo $$; exec yes' & exit 0", spec => spec with { Drain = TimeSpan.FromMilliseconds(10), KeepOutput = 1000 });
        try
        {
            (await job.Result()).OutputIncomplete.Should().BeTrue();
        }
        finally
        {
            string pid = job.Text().Split('\n')[0];
            await ToolRun.Of("kill", ["-9", pid]);
        }
    }

    [Fact]
    public void A_number_that_a_long_logs_last_record_has_swallowed_loses_no_bytes()
    {
        using var folder = new TempFolder();
        using var log = new OutputLog(new SpoolSpace(folder.Path), TimeProvider.System, limit: null);
        const int Pieces = 20_000;
        for (int i = 0; i < Pieces; i++)
        {
            log.Append(OutputStream.Stdout, [(byte)i]);
        }

        OutputPosition position = log.PositionOf(Pieces - 10);

        position.Stdout.Should().BeLessThanOrEqualTo(Pieces - 10);
        log.PositionOf(Pieces + 1).Stdout.Should().Be(Pieces, "that record has not come yet");
    }
}
