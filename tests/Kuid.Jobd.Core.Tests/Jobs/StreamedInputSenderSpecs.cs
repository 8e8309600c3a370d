using System.IO.Pipelines;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Input in pieces for a job that does not read yet.</summary>
public sealed class StreamedInputSenderSpecs
{
    private const int PieceBytes = 200_000;

    [Fact]
    public async Task Where_a_sender_broke_off_another_goes_on_before_the_job_has_read_anything()
    {
        var input = new StreamedInput();
        byte[] all = [.. Enumerable.Range(0, PieceBytes).Select(i => (byte)(i % 251))];
        for (int broken = 0; broken < 3; broken++)
        {
            long offset = await Received(input);
            using var gone = new CancellationTokenSource();
            Task<long?> sending = input.AppendAsync(offset, await PieceOf(all.AsMemory((int)offset)), eof: true, gone.Token);
            sending.IsCompleted.Should().BeFalse("more is not taken before the job reads");
            await gone.CancelAsync();
            await sending.Invoking(task => task.WaitAsync(Reading.Limit)).Should().ThrowAsync<OperationCanceledException>();
        }

        long rest = await Received(input);
        rest.Should().BeInRange(1, PieceBytes - 1, "a part was taken");
        Task<long?> last = input.AppendAsync(rest, await PieceOf(all.AsMemory((int)rest)), eof: true, CancellationToken.None);

        (await ReadToEnd(input)).Should().Equal(all);
        (await last.WaitAsync(Reading.Limit)).Should().BeNull("it was taken");
    }

    [Fact]
    public async Task A_job_that_waits_for_input_gets_bytes_when_they_come_and_no_end_before()
    {
        var input = new StreamedInput();
        byte[] buffer = new byte[10];
        for (int offset = 0; offset < 30; offset += 3)
        {
            ValueTask<int> reading = input.ReadAsync(buffer, CancellationToken.None);
            (await input.AppendAsync(offset, await PieceOf(default), eof: false, CancellationToken.None)).Should().BeNull();
            (await input.AppendAsync(offset, await PieceOf(new byte[3]), eof: false, CancellationToken.None)).Should().BeNull();
            (await reading.AsTask().WaitAsync(Reading.Limit)).Should().Be(3);
        }

        (await input.AppendAsync(30, await PieceOf(default), eof: true, CancellationToken.None)).Should().BeNull();
        (await input.AppendAsync(30, await PieceOf(new byte[1]), eof: false, CancellationToken.None)).Should().Be(30, "the last has come already");
        (await input.ReadAsync(buffer, CancellationToken.None)).Should().Be(0);
    }

    // A piece that begins where nothing can is told where to begin.
    private static async Task<long> Received(StreamedInput input) =>
        (await input.AppendAsync(long.MaxValue, await PieceOf(default), eof: false, CancellationToken.None))!.Value;

    private static async Task<PipeReader> PieceOf(ReadOnlyMemory<byte> bytes)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(bytes);
        await pipe.Writer.CompleteAsync();
        return pipe.Reader;
    }

    private static async Task<byte[]> ReadToEnd(StreamedInput input)
    {
        using var patience = new CancellationTokenSource(Reading.Limit);
        using var all = new MemoryStream();
        byte[] buffer = new byte[10_000];
        int n;
        while ((n = await input.ReadAsync(buffer, patience.Token)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }
}
