using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class OutputLimitSpecs
{
    [Theory]
    [InlineData("stdout")]
    [InlineData("stderr")]
    public async Task A_job_that_writes_more_than_it_may_to_one_stream_is_ended(string stream)
    {
        await using var engine = new Engine();
        Job job = engine.Child(["flood", stream, "1000000000000"], spec => spec with { OutputLimit = 1_000_000 });

        JobResult result = await job.Result();

        (result.Reason, job.State).Should().Be((JobReason.OutputLimit, JobState.Failed));
        job.Output.Produced(stream == "stdout" ? OutputStream.Stdout : OutputStream.Stderr).Should().BeInRange(1_000_001, 1_000_000 + (256 * 1024));
    }

    [Fact]
    public async Task A_job_may_write_exactly_what_it_may_to_each_stream()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("head -c 1000 /dev/zero; head -c 1000 /dev/zero >&2", spec => spec with { OutputLimit = 1000 });

        (await job.Result()).Reason.Should().Be(JobReason.Exit);
        job.State.Should().Be(JobState.Succeeded);
    }

    [Fact]
    public async Task One_byte_too_many_fails_a_job_that_has_already_exited_with_0()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("head -c 1001 /dev/zero", spec => spec with { OutputLimit = 1000 });

        JobResult result = await job.Result();

        (result.Reason, job.State, result.Succeeded).Should().Be((JobReason.OutputLimit, JobState.Failed, false));
    }

    [Fact]
    public async Task A_job_without_an_output_limit_keeps_head_and_tail_of_what_it_writes()
    {
        await using var engine = new Engine();
        Job job = engine.Child(["flood", "stdout", "1000000"], spec => spec with { KeepOutput = 1000 });

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.Produced(OutputStream.Stdout).Should().Be(1_000_000);
        await Eventually.Holds(() => engine.Service.Find(job.Id) is null, "it is recorded");
        using OutputReading reading = (await engine.Service.ReadOutputAsync(job.Id))!;
        reading.Log!.AllKept(OutputStream.Stdout).Should().Equal(
            Enumerable.Range(0, 500).Concat(Enumerable.Range(999_500, 500)).Select(i => (byte)(i % 251)));
        (await engine.Service.GetAsync(job.Id)).Should().BeEquivalentTo(
            new { StdoutBytes = 1_000_000L, StdoutKeptBytes = 1000L, Truncated = true, State = JobState.Succeeded });
    }

    [Fact]
    public async Task A_job_whose_output_finds_no_room_is_ended_rather_than_left_to_block()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], string.Empty);
        await using var engine = new Engine(spoolDirectory: folder["file/spool"], memoryPerStream: 4096);
        Job job = engine.Child(["flood", "stdout", "1000000000000"]);

        JobResult result = await job.Result();

        (result.Reason, job.State).Should().Be((JobReason.OutputLimit, JobState.Failed));
        result.Detail.Should().Contain("spool", "the reason alone does not say what is missing");
    }

    [Fact]
    public async Task A_job_whose_output_fits_in_memory_needs_no_room_on_the_disk()
    {
        using var folder = new TempFolder();
        await using var engine = new Engine(spoolDirectory: folder["missing"], memoryPerStream: 4096);
        Job job = engine.Shell("echo small");

        (await job.Result()).Succeeded.Should().BeTrue();
    }
}
