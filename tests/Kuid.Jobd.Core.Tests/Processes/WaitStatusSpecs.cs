using System.Globalization;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes;

public sealed class WaitStatusSpecs
{
    [Fact]
    public void Every_exit_code_is_read_from_the_raw_status()
    {
        for (int code = 0; code <= 255; code++)
        {
            var status = new WaitStatus(code << 8);

            status.ExitCode.Should().Be(code);
            status.Signal.Should().BeNull();
            status.DumpedCore.Should().BeFalse();
            status.Succeeded.Should().Be(code == 0);
            status.ToString().Should().Be(string.Create(CultureInfo.InvariantCulture, $"exit {code}"));
        }
    }

    [Fact]
    public void Every_signal_is_read_from_the_raw_status_with_and_without_a_core()
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            var plain = new WaitStatus(signal);
            var core = new WaitStatus(signal | 0x80);

            (plain.Signal, plain.ExitCode, plain.DumpedCore, plain.Succeeded).Should().Be((signal, null, false, false));
            (core.Signal, core.ExitCode, core.DumpedCore, core.Succeeded).Should().Be((signal, null, true, false));
            plain.ToString().Should().Be(SignalNames.Of(signal));
            core.ToString().Should().Be(SignalNames.Of(signal) + ", core dumped");
        }
    }

    [Fact]
    public async Task Row_44_the_engine_hands_every_exit_code_of_a_process_on_as_wait_gives_it()
    {
        await using var engine = new Engine();
        Job[] jobs = [.. Enumerable.Range(0, 256).Select(code => engine.Shell($"exit {code}"))];

        for (int code = 0; code < jobs.Length; code++)
        {
            JobResult result = await jobs[code].Result();
            result.Status.Should().Be(new WaitStatus(code << 8));
            (result.Reason, jobs[code].State).Should().Be((JobReason.Exit, code == 0 ? JobState.Succeeded : JobState.Failed));
        }
    }

    [Theory]
    [InlineData("HUP", 1)]
    [InlineData("KILL", 9)]
    [InlineData("TERM", 15)]
    [InlineData("USR1", 10)]
    [InlineData("PIPE", 13)]
    public async Task Row_44_the_engine_hands_the_signal_that_ended_a_process_on_as_wait_gives_it(string name, int number)
    {
        await using var engine = new Engine();
        Job job = engine.Shell($"kill -{name} $$");

        JobResult result = await job.Result();

        (result.Status, result.Reason, job.State).Should().Be((new WaitStatus(number), JobReason.Signal, JobState.Failed));
    }

    [Fact]
    public async Task Row_44_a_core_dump_shows_in_the_raw_status()
    {
        using var folder = new TempFolder();
        await using var engine = new Engine();
        ProcessSpec shell = ProcessSpec.Shell(Specs.Bytes("ulimit -c unlimited && kill -ABRT $$"));
        Job job = engine.Submit(Specs.Of(shell with { WorkingDirectory = Specs.Bytes(folder.Path) }));

        JobResult result = await job.Result();

        result.Status!.Value.Signal.Should().Be(6);
        Assert.SkipUnless(
            result.Status.Value.DumpedCore, "this machine's core_pattern or hard core limit lets no process dump core");
        result.Status.Should().Be(new WaitStatus(6 | 0x80));
    }
}
