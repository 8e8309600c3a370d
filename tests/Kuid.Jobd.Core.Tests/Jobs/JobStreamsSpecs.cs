using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Input, output and exit end separately, and nothing of them waits for the wrong one.</summary>
public sealed class JobStreamsSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Row_36_a_job_that_exits_without_reading_its_input_ends_well_and_its_sender_is_not_stuck()
    {
        var input = new ControlledInput();
        input.Send(new byte[200_000]);
        input.End();
        Job job = _engine.Shell("true", spec => spec with { Stdin = input });

        JobResult result = await job.Result();

        (result.Reason, result.Status!.Value.Raw, job.State).Should().Be((JobReason.Exit, 0, JobState.Succeeded));
        input.Taken.Should().Be(200_000, "the rest is read and dropped");
    }

    [Fact]
    public async Task Row_36_an_input_that_always_has_more_at_hand_holds_up_no_job_that_reads_nothing()
    {
        Job[] jobs = [.. Enumerable.Range(0, 30).Select(_ =>
            _engine.Shell("exec <&-; exit 3", spec => spec with { Stdin = new EndlessInput() }))];

        foreach (Job job in jobs)
        {
            (await job.Result()).Status!.Value.ExitCode.Should().Be(3);
        }
    }

    [Fact]
    public async Task Row_37_a_job_that_does_not_read_holds_its_input_back_at_a_pipe_and_a_buffer_and_can_still_time_out()
    {
        // The first buffer goes into a narrow pipe, which is then widened; the second one fills it and has a rest.
        const int Narrow = 64 * 1024;
        const int Wide = 256 * 1024;
        var clock = new ManualClock();
        await using var engine = new Engine(clock);
        var input = new ControlledInput();
        input.Send(new byte[10_000_000]);
        Job job = engine.Child(["sleep-until-signal"], spec => spec with { Stdin = input, Timeout = TimeSpan.FromSeconds(30) });
        await job.Says("ready");
        await Eventually.Holds(() => input.Taken >= Narrow + Wide, "the pipe and one buffer are full", Reading.Limit);

        // Another job goes through all of the runner meanwhile, so that anything that still moved would have been seen.
        await engine.Shell("true").Result();
        input.Taken.Should().Be(Narrow + Wide);
        clock.Advance(TimeSpan.FromSeconds(30));

        (await job.Result()).Reason.Should().Be(JobReason.Timeout);
    }

    [Fact]
    public async Task Row_38_a_job_that_writes_before_it_reads_is_pumped_both_ways_at_once()
    {
        byte[] million = new byte[1_000_000];
        Job job = _engine.Shell(
            "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; cat >/dev/null; echo end", spec => spec with { Stdin = JobInput.FromBytes(million) });

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.Produced(OutputStream.Stdout).Should().Be(1_000_004);
        job.Output.Produced(OutputStream.Stderr).Should().Be(1_000_000);
    }

    [Fact]
    public async Task Row_39_more_than_a_pipe_of_errors_beside_a_little_output_is_no_problem()
    {
        Job job = _engine.Shell("head -c 100000 /dev/zero >&2; echo end");

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Text().Should().Be("end\n");
        job.Output.Produced(OutputStream.Stderr).Should().Be(100_000);
    }

    [Fact]
    public async Task A_large_output_arrives_byte_for_byte_through_memory_and_file()
    {
        const int Bytes = 3_000_000;
        Job job = _engine.Child(["flood", "stdout", $"{Bytes}"]);

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.WholeFile(OutputStream.Stdout).Should().NotBeNull();
        job.Output.AllKept(OutputStream.Stdout).Should().Equal(Enumerable.Range(0, Bytes).Select(i => (byte)(i % 251)));
    }

    [Fact]
    public async Task A_large_input_arrives_byte_for_byte()
    {
        byte[] bytes = [.. Enumerable.Range(0, 2_000_000).Select(i => (byte)(i % 241))];
        Job job = _engine.Child(["echo"], spec => spec with { Stdin = JobInput.FromBytes(bytes) });

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.AllKept(OutputStream.Stdout).Should().Equal(bytes);
    }

    [Fact]
    public async Task A_job_without_input_reads_the_end_of_file_at_once()
    {
        Job job = _engine.Shell("cat; echo read");

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Text().Should().Be("read\n");
    }

    [Fact]
    public async Task Pieces_of_both_streams_are_followed_in_the_order_in_which_they_were_written()
    {
        var input = new ControlledInput();
        Job job = _engine.Child(["pieces"], spec => spec with { Stdin = input });
        await using IAsyncEnumerator<OutputChunk> follower = job.Output.FollowAsync().GetAsyncEnumerator();
        (await Next(follower)).Should().Be("1 Stdout ready\n");

        input.Send("stderr one\n");
        (await Next(follower)).Should().Be("2 Stderr one");
        input.Send("stdout two\n");
        (await Next(follower)).Should().Be("3 Stdout two");
        input.Send("stderr three\n");
        (await Next(follower)).Should().Be("4 Stderr three");
        input.Send("exit 5\n");

        (await follower.MoveNextAsync().AsTask().WaitAsync(Reading.Limit)).Should().BeFalse();
        (await job.Result()).Status!.Value.ExitCode.Should().Be(5);
    }

    private static async Task<string> Next(IAsyncEnumerator<OutputChunk> follower)
    {
        (await follower.MoveNextAsync().AsTask().WaitAsync(Reading.Limit)).Should().BeTrue();
        OutputChunk chunk = follower.Current;
        return $"{chunk.Seq} {chunk.Stream} {System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span)}";
    }

    private sealed class EndlessInput : JobInput
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
            ValueTask.FromResult(buffer.Length);
    }
}
