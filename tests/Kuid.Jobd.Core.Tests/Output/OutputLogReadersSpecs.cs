using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>Positions in both streams together, waiting for one of them, and holding the log.</summary>
public sealed class OutputLogReadersSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_follower_that_counts_the_bytes_it_had_of_both_streams_goes_on_where_it_was() => OutputCase.Check(c =>
    {
        var model = new OutputModel(c.Limit);
        using var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        log.Complete();
        List<OutputChunk> all = [.. log.FollowAsync().ToBlockingEnumerable()];
        int seen = c.Pick % (all.Count + 1);
        long counted = all.Take(seen).Sum(chunk => (long)chunk.Bytes.Length);

        Followed(log, log.PositionOfMerged(counted)).Should().Equal(all.Skip(seen).SelectMany(ModelByte.Of));
        int within = seen == all.Count ? 0 : c.Pick / 7 % all[seen].Bytes.Length;
        Followed(log, log.PositionOfMerged(counted + within)).Should().Equal(all.Skip(seen).SelectMany(ModelByte.Of).Skip(within));
    });

    [Fact]
    public void A_position_beyond_the_end_of_both_streams_is_their_end()
    {
        using OutputLog log = Log();
        log.Append(OutputStream.Stdout, "ab"u8);
        log.Append(OutputStream.Stderr, "c"u8);

        log.PositionOfMerged(1).Should().Be(new OutputPosition(1, 0));
        log.PositionOfMerged(3).Should().Be(new OutputPosition(2, 1));
        log.PositionOfMerged(1000).Should().Be(new OutputPosition(2, 1));
        log.PositionOfMerged(-5).Should().Be(default(OutputPosition));
    }

    [Fact]
    public async Task Waiting_for_more_of_a_stream_ends_with_a_byte_of_it_and_not_of_the_other()
    {
        using OutputLog log = Log();
        Task<bool> more = log.MoreAsync(OutputStream.Stdout, 2, default);
        log.Append(OutputStream.Stdout, "ab"u8);
        log.Append(OutputStream.Stderr, "abcdef"u8);
        more.IsCompleted.Should().BeFalse();

        log.Append(OutputStream.Stdout, "c"u8);

        (await more.WaitAsync(Reading.Limit)).Should().BeTrue();
        (await log.MoreAsync(OutputStream.Stdout, 0, default)).Should().BeTrue();
    }

    [Fact]
    public async Task Waiting_for_more_ends_with_the_log_or_its_token()
    {
        using OutputLog log = Log();
        using var cancellation = new CancellationTokenSource();
        Task<bool> cancelled = log.MoreAsync(OutputStream.Stdout, 0, cancellation.Token);
        Task<bool> more = log.MoreAsync(OutputStream.Stdout, 0, default);

        await cancellation.CancelAsync();
        Func<Task> waiting = () => cancelled.WaitAsync(Reading.Limit);
        await waiting.Should().ThrowAsync<OperationCanceledException>();
        more.IsCompleted.Should().BeFalse();
        log.Complete();

        (await more.WaitAsync(Reading.Limit)).Should().BeFalse();
    }

    [Fact]
    public void The_files_are_closed_when_the_last_who_holds_the_log_lets_go_and_not_before()
    {
        var log = new OutputLog(new SpoolSpace(_folder.Path, memoryPerStream: 0), TimeProvider.System, limit: null);
        log.Append(OutputStream.Stdout, "a"u8);
        Microsoft.Win32.SafeHandles.SafeFileHandle file = log.WholeFile(OutputStream.Stdout)!;
        log.TryHold().Should().BeTrue();
        log.TryHold().Should().BeTrue();

        log.Dispose();
        log.Dispose();
        file.IsClosed.Should().BeFalse();
        log.AllKept(OutputStream.Stdout).Should().Equal((byte)'a');

        log.Dispose();
        file.IsClosed.Should().BeTrue();
        log.TryHold().Should().BeFalse();
        log.Dispose();
        log.TryHold().Should().BeFalse();
    }

    [Fact]
    public async Task Many_who_hold_and_let_go_at_once_leave_it_closed_in_the_end()
    {
        var log = new OutputLog(new SpoolSpace(_folder.Path, memoryPerStream: 0), TimeProvider.System, limit: null);
        log.Append(OutputStream.Stdout, "a"u8);
        Microsoft.Win32.SafeHandles.SafeFileHandle file = log.WholeFile(OutputStream.Stdout)!;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                log.TryHold().Should().BeTrue();
                log.AllKept(OutputStream.Stdout).Should().HaveCount(1);
                log.Dispose();
            }
        })));

        file.IsClosed.Should().BeFalse();
        log.Dispose();
        file.IsClosed.Should().BeTrue();
    }

    private static List<ModelByte> Followed(OutputLog log, OutputPosition from) =>
        [.. log.FollowAsync(from).ToBlockingEnumerable().SelectMany(ModelByte.Of)];

    private OutputLog Log() => new(new SpoolSpace(_folder.Path), TimeProvider.System, limit: null);
}
