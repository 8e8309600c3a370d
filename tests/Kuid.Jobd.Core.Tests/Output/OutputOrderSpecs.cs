using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>What random logs rarely reach: many records, waiting followers, the end of a log.</summary>
public sealed class OutputOrderSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_in_a_long_gap_are_forgotten_without_harm_to_head_and_tail()
    {
        const int Limit = 200;
        var model = new OutputModel(Limit);
        using OutputLog log = Log(Limit);
        for (int i = 0; i < 20_000; i++)
        {
            var piece = new Piece(i % 3 == 0 ? OutputStream.Stderr : OutputStream.Stdout, 1 + (i % 5));
            log.Append(piece.Stream, model.Append(piece));
        }

        log.Complete();

        Followed(log, default).Should().Equal(model.From(default));
        foreach (long seq in new long[] { 1, 5, 9_000, 19_950, 19_999, 20_000 })
        {
            Followed(log, log.PositionOf(seq)).Should().Equal(model.FromRecord(seq), "this follows record {0}", seq);
        }
    }

    [Fact]
    public void A_stream_of_very_many_pieces_loses_detail_and_no_byte()
    {
        const int Pieces = 40_000;
        var model = new OutputModel(limit: null);
        using OutputLog log = Log(limit: null);
        for (int i = 0; i < Pieces; i++)
        {
            log.Append(OutputStream.Stdout, model.Append(new Piece(OutputStream.Stdout, 1 + (i % 3))));
        }

        log.Complete();

        Followed(log, default).Select(b => b.Byte).Should().Equal(model.KeptBytes(OutputStream.Stdout));
    }

    [Fact]
    public async Task A_follower_waits_for_more_until_the_log_is_complete()
    {
        using OutputLog log = Log(limit: null);
        await using IAsyncEnumerator<OutputChunk> follower = log.FollowAsync().GetAsyncEnumerator();

        Task<bool> first = follower.MoveNextAsync().AsTask();
        first.IsCompleted.Should().BeFalse();
        log.Append(OutputStream.Stderr, "a"u8);
        (await first.WaitAsync(Reading.Limit)).Should().BeTrue();
        (follower.Current.Stream, follower.Current.Seq, follower.Current.Offset).Should().Be((OutputStream.Stderr, 1, 0));

        Task<bool> second = follower.MoveNextAsync().AsTask();
        second.IsCompleted.Should().BeFalse();
        log.Complete();
        (await second.WaitAsync(Reading.Limit)).Should().BeFalse();
    }

    [Fact]
    public async Task A_follower_that_is_cancelled_while_it_waits_stops_and_leaves_the_others_alone()
    {
        using OutputLog log = Log(limit: null);
        using var cancellation = new CancellationTokenSource();
        Task<int> cancelled = Task.Run(() => Count(log, cancellation.Token));
        Task<int> other = Task.Run(() => Count(log, CancellationToken.None));

        log.Append(OutputStream.Stdout, "a"u8);
        await cancellation.CancelAsync();
        Func<Task> waiting = () => cancelled.WaitAsync(Reading.Limit);
        await waiting.Should().ThrowAsync<OperationCanceledException>();
        log.Append(OutputStream.Stdout, "b"u8);
        log.Complete();

        (await other.WaitAsync(Reading.Limit)).Should().Be(2);
    }

    [Fact]
    public async Task Ten_followers_and_two_writers_at_once_agree_on_the_order()
    {
        const int PerWriter = 5_000;
        using OutputLog log = Log(limit: null);
        Task<List<ModelByte>>[] followers = [.. Enumerable.Range(0, 10).Select(_ =>
            Task.Run(() => Followed(log, default)))];
        await Task.WhenAll(OutputModel.Streams.Select(stream => Task.Run(() =>
        {
            for (int i = 0; i < PerWriter; i++)
            {
                log.Append(stream, [OutputModel.ByteAt(stream, i)]);
            }
        })));
        log.Complete();

        List<ModelByte>[] seen = await Task.WhenAll(followers).WaitAsync(Reading.Limit);

        seen[0].Should().HaveCount(2 * PerWriter).And.BeInAscendingOrder(b => b.Seq);
        seen[0].Should().OnlyContain(b => b.Byte == OutputModel.ByteAt(b.Stream, b.Offset));
        seen.Should().OnlyContain(other => other.SequenceEqual(seen[0]));
    }

    [Fact]
    public void A_record_carries_the_time_at_which_it_came()
    {
        var clock = new ManualClock();
        using var log = new OutputLog(new SpoolSpace(_folder.Path), clock, limit: null);
        DateTime first = clock.GetUtcNow().UtcDateTime;
        log.Append(OutputStream.Stdout, "a"u8);
        clock.Advance(TimeSpan.FromSeconds(5));
        log.Append(OutputStream.Stdout, "b"u8);
        log.Complete();

        log.FollowAsync().ToBlockingEnumerable().Select(chunk => chunk.Time).Should().Equal(first, first.AddSeconds(5));
    }

    [Fact]
    public void Nothing_is_kept_of_what_is_appended_after_the_end_of_the_log()
    {
        OutputLog log = Log(limit: null);
        log.Append(OutputStream.Stdout, "a"u8);
        log.Dispose();

        log.Append(OutputStream.Stdout, "bc"u8);

        log.Produced(OutputStream.Stdout).Should().Be(1);
    }

    private OutputLog Log(long? limit) => new(new SpoolSpace(_folder.Path), TimeProvider.System, limit);

    private static List<ModelByte> Followed(OutputLog log, OutputPosition from) =>
        [.. log.FollowAsync(from).ToBlockingEnumerable().SelectMany(ModelByte.Of)];

    private static async Task<int> Count(OutputLog log, CancellationToken cancellation)
    {
        int count = 0;
        await foreach (OutputChunk chunk in log.FollowAsync(cancellation: cancellation))
        {
            count += chunk.Bytes.Length;
        }

        return count;
    }
}
