using System.IO.Pipelines;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Input in pieces: nothing twice, nothing left out, and nobody waits for a job that reads no more.</summary>
public sealed class StreamedInputSpecs
{
    private readonly StreamedInput _input = new();

    [Fact]
    public async Task Pieces_that_follow_each_other_are_taken_and_the_last_ends_the_input()
    {
        (await Append(0, "ab")).Should().BeNull();
        (await Append(2, "")).Should().BeNull();
        (await Append(2, "cd", eof: true)).Should().BeNull();

        (await ReadAll()).Should().Be("abcd");
        (_input.Mode, _input.Length, _input.IsEmpty).Should().Be((StdinMode.Stream, 0, false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(-1)]
    public async Task A_piece_that_begins_elsewhere_is_not_taken_and_the_answer_says_where_to_go_on(long offset)
    {
        await Append(0, "abc");

        (await Append(offset, "xyz", eof: true)).Should().Be(3);

        (await Append(3, "d", eof: true)).Should().BeNull();
        (await ReadAll()).Should().Be("abcd");
    }

    [Fact]
    public async Task The_end_may_be_said_again_and_nothing_comes_after_it()
    {
        await Append(0, "abc", eof: true);

        (await Append(3, "", eof: true)).Should().BeNull("its answer may have been lost");
        (await Append(3, "d")).Should().Be(3);
        (await ReadAll()).Should().Be("abc");
    }

    [Fact]
    public async Task A_piece_whose_connection_breaks_counts_as_far_as_it_came()
    {
        var body = new Pipe();
        Task<long?> broken = _input.AppendAsync(0, body.Reader, eof: true, default);
        await body.Writer.WriteAsync(Specs.Bytes("abc"));
        byte[] buffer = new byte[10];
        (await Read(buffer)).Should().Be(3);
        await body.Writer.CompleteAsync(new IOException("connection reset"));
        Func<Task> waiting = () => broken.WaitAsync(Reading.Limit);
        await waiting.Should().ThrowAsync<IOException>();

        (await Append(0, "abcdef", eof: true)).Should().Be(3);
        (await Append(3, "def", eof: true)).Should().BeNull();
        (await ReadAll()).Should().Be("def");
    }

    [Fact]
    public async Task Who_sends_faster_than_the_job_reads_waits_and_nobody_sends_beside()
    {
        byte[] much = new byte[300_000];
        Task<long?> sending = _input.AppendAsync(0, Pieces.Of(much), eof: false, default);
        sending.IsCompleted.Should().BeFalse();
        (await _input.AppendAsync(much.Length, Pieces.Of("x"), eof: false, default)).Should().BeInRange(1, much.Length);
        Task<string> reading = ReadAll();
        (await sending.WaitAsync(Reading.Limit)).Should().BeNull();
        (await _input.AppendAsync(much.Length, Pieces.Of("end"), eof: true, default)).Should().BeNull();

        (await reading.WaitAsync(Reading.Limit)).Should().HaveLength(much.Length + 3).And.EndWith("end");
    }

    [Fact]
    public async Task Nobody_waits_for_a_job_that_is_over()
    {
        Task<long?> sending = _input.AppendAsync(0, Pieces.Of(new byte[300_000]), eof: false, default);
        sending.IsCompleted.Should().BeFalse();

        _input.Abandon();
        _input.Abandon();

        (await sending.WaitAsync(Reading.Limit)).Should().BeNull();
        (await Append(300_000, new string('x', 500_000), eof: true)).Should().BeNull();
    }

    [Fact]
    public async Task Ten_megabytes_in_uneven_pieces_come_through_a_job_byte_by_byte()
    {
        const int Bytes = 10 * 1024 * 1024;
        await using var engine = new Engine();
        Job job = engine.Shell("cat", spec => spec with { Stdin = _input });
        byte[] all = new byte[Bytes];
        var random = new Random(5);
        random.NextBytes(all);
        int offset = 0;
        while (offset < Bytes)
        {
            int n = Math.Min(random.Next(1, 300_000), Bytes - offset);
            (await _input.AppendAsync(offset, Pieces.Of(all.AsMemory(offset, n)), eof: offset + n == Bytes, default).WaitAsync(Reading.Limit)).Should().BeNull();
            offset += n;
        }

        (await job.Result()).Succeeded.Should().BeTrue();
        job.Output.AllKept(OutputStream.Stdout).AsSpan().SequenceEqual(all).Should().BeTrue();
    }

    [Fact]
    public async Task A_job_that_ends_without_reading_lets_its_sender_go()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("true", spec => spec with { Stdin = _input });

        (await _input.AppendAsync(0, Pieces.Of(new byte[1_000_000]), eof: false, default).WaitAsync(Reading.Limit)).Should().BeNull();

        await job.Result();
        engine.Service.StreamedInputOf(job.Id).Should().BeNull();
    }

    private Task<long?> Append(long offset, string text, bool eof = false) =>
        _input.AppendAsync(offset, Pieces.Of(text), eof, default).WaitAsync(Reading.Limit);

    private async Task<int> Read(Memory<byte> buffer) => await _input.ReadAsync(buffer, default).AsTask().WaitAsync(Reading.Limit);

    private async Task<string> ReadAll()
    {
        var all = new System.Text.StringBuilder();
        byte[] buffer = new byte[1000];
        int n;
        while ((n = await Read(buffer)) > 0)
        {
            all.Append(System.Text.Encoding.Latin1.GetString(buffer, 0, n));
        }

        return all.ToString();
    }
}
