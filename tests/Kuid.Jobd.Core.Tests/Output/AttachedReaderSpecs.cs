using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>Readers that want every byte of a job that keeps little: the job waits for them, and for nobody who has left.</summary>
public sealed class AttachedReaderSpecs : IAsyncDisposable
{
    private const long Much = 3 * OutputLog.LeastWhileRunning;

    private readonly Engine _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task An_attached_reader_has_every_byte_however_slow_it_is()
    {
        Job job = Flood();
        using AttachedReader reader = job.Output.Attach(new OutputPosition(0, long.MaxValue));
        Start(job);
        long read = 0;
        byte[] buffer = new byte[10_000];
        while (await job.Output.MoreAsync(OutputStream.Stdout, read, default).WaitAsync(Reading.Limit))
        {
            long offset = read;
            int n = job.Output.Read(OutputStream.Stdout, ref offset, buffer);
            offset.Should().Be(read, "nothing is dropped");
            read += n;
            reader.MoveTo(new OutputPosition(read, long.MaxValue));
        }

        read.Should().Be(Much);
        (await job.Result()).Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task A_job_is_held_up_by_a_reader_that_stands_and_goes_on_when_it_leaves()
    {
        Job job = Flood();
        AttachedReader reader = job.Output.Attach(default);
        Start(job);
        await Eventually.Holds(() => job.Output.Produced(OutputStream.Stdout) == OutputLog.LeastWhileRunning, "it is held up at the limit", Reading.Limit);
        job.Ended.IsCompleted.Should().BeFalse();
        job.Output.Kept(OutputStream.Stdout).Should().Be(OutputLog.LeastWhileRunning, "nothing is dropped");

        reader.Dispose();

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.Produced(OutputStream.Stdout).Should().Be(Much);
    }

    [Fact]
    public async Task Who_is_expected_finds_everything_and_takes_over_a_stream_at_a_time()
    {
        Job job = Flood();
        using AttachedReader expected = job.Output.ExpectReaders();
        Start(job);
        await Eventually.Holds(() => job.Output.Produced(OutputStream.Stdout) == OutputLog.LeastWhileRunning, "it is held up at the limit", Reading.Limit);

        AttachedReader stderr = job.Output.Attach(new OutputPosition(long.MaxValue, 0));
        expected.Position.Should().Be(new OutputPosition(0, long.MaxValue));
        AttachedReader stdout = job.Output.Attach(new OutputPosition(0, long.MaxValue));
        expected.Position.Should().Be(new OutputPosition(long.MaxValue, long.MaxValue));
        job.Ended.IsCompleted.Should().BeFalse();
        stdout.Dispose();
        stderr.Dispose();

        (await job.Result()).Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task Who_is_expected_is_waited_for_until_each_stream_has_its_reader()
    {
        using var folder = new TempFolder();
        using var log = new OutputLog(new SpoolSpace(folder.Path), TimeProvider.System, limit: 100);
        var never = new TaskCompletionSource();
        log.ReadersHaveComeAsync(never.Task).IsCompleted.Should().BeTrue("nobody is expected");

        using AttachedReader expected = log.ExpectReaders();
        Task come = log.ReadersHaveComeAsync(never.Task), hurried = log.ReadersHaveComeAsync(Task.CompletedTask);
        using AttachedReader stdout = log.Attach(new OutputPosition(0, long.MaxValue));
        (come.IsCompleted, hurried.IsCompleted).Should().Be((false, true));
        using AttachedReader stderr = log.Attach(new OutputPosition(long.MaxValue, 0));

        await come.WaitAsync(Reading.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_is_expected_and_does_not_come_is_waited_for_no_longer_when_that_is_given_up()
    {
        using var folder = new TempFolder();
        using var log = new OutputLog(new SpoolSpace(folder.Path), TimeProvider.System, limit: 100);
        AttachedReader expected = log.ExpectReaders();
        Task come = log.ReadersHaveComeAsync(new TaskCompletionSource().Task);
        come.IsCompleted.Should().BeFalse();

        expected.Dispose();

        await come.WaitAsync(Reading.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_job_that_is_to_end_is_not_held_up()
    {
        Job job = Flood();
        using AttachedReader reader = job.Output.Attach(default);
        Start(job);
        await Eventually.Holds(() => job.Output.Produced(OutputStream.Stdout) == OutputLog.LeastWhileRunning, "it is held up at the limit", Reading.Limit);

        job.RequestEnd(JobReason.Canceled);

        (await job.Result()).Reason.Should().Be(JobReason.Canceled);
    }

    [Fact]
    public async Task A_reader_of_one_stream_does_not_hold_up_the_other()
    {
        Job job = Flood();
        using AttachedReader reader = job.Output.Attach(new OutputPosition(long.MaxValue, 0));

        Start(job);

        (await job.Result()).Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task The_slowest_of_several_readers_is_waited_for()
    {
        using var folder = new TempFolder();
        using var log = new OutputLog(new SpoolSpace(folder.Path), TimeProvider.System, limit: 100);
        using AttachedReader slow = log.Attach(default), fast = log.Attach(default);
        var never = new TaskCompletionSource();
        (await log.RoomAsync(OutputStream.Stdout, 1000, never.Task)).Should().Be(100);
        log.Append(OutputStream.Stdout, new byte[100]);
        Task<int> room = log.RoomAsync(OutputStream.Stdout, 1000, never.Task).AsTask();

        fast.MoveTo(new OutputPosition(100, 0));
        room.IsCompleted.Should().BeFalse();
        slow.MoveTo(new OutputPosition(80, 0));

        // The head's 50 bytes stay; of the ring's 50 it has passed 30.
        (await room.WaitAsync(Reading.Limit)).Should().Be(30);
        (await log.RoomAsync(OutputStream.Stderr, 1000, never.Task)).Should().Be(100);
    }

    [Fact]
    public async Task The_end_of_the_log_lets_go()
    {
        using var folder = new TempFolder();
        var log = new OutputLog(new SpoolSpace(folder.Path), TimeProvider.System, limit: 100);
        using AttachedReader reader = log.Attach(default);
        log.Append(OutputStream.Stdout, new byte[100]);
        Task<int> room = log.RoomAsync(OutputStream.Stdout, 7, new TaskCompletionSource().Task).AsTask();
        room.IsCompleted.Should().BeFalse();

        log.Dispose();

        (await room.WaitAsync(Reading.Limit)).Should().Be(7);
    }

    // It waits for its input, so that the reader is attached before the first byte.
    private Job Flood() => _engine.Shell(
        $"read line; exec head -c {Much} /dev/zero", spec => spec with { KeepOutput = 1, Stdin = new ControlledInput() });

    private static void Start(Job job)
    {
        var input = (ControlledInput)job.Spec.Stdin;
        input.Send("go\n");
        input.End();
    }
}
