using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>Followers of random logs against the naive model.</summary>
public sealed class FollowingSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_follower_from_any_position_meets_what_is_kept_in_the_order_in_which_it_came() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Completed(c);
        using (log)
        {
            var position = new OutputPosition(
                c.Pick % (model.Produced(OutputStream.Stdout) + 1), c.Pick / 7 % (model.Produced(OutputStream.Stderr) + 1));

            Bytes(Chunks(log, position)).Should().Equal(model.From(position));
        }
    });

    [Fact]
    public void A_follower_from_any_record_meets_that_record_and_the_later_ones() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Completed(c);
        using (log)
        {
            long seq = c.Pick % (model.Records + 2);

            Bytes(Chunks(log, log.PositionOf(seq))).Should().Equal(model.FromRecord(seq));
        }
    });

    [Fact]
    public void A_follower_that_comes_back_at_a_chunks_next_position_meets_the_rest() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel _) = Completed(c);
        using (log)
        {
            List<OutputChunk> all = Chunks(log, default);
            int seen = all.Count == 0 ? 0 : c.Pick % all.Count;
            OutputPosition next = seen == 0 ? default : all[seen - 1].Next;

            Bytes(Chunks(log, next)).Should().Equal(Bytes(all.Skip(seen)));
        }
    });

    [Fact]
    public void The_bytes_of_a_gap_are_counted_as_skipped_by_the_chunk_after_it() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Completed(c);
        using (log)
        {
            List<OutputChunk> chunks = Chunks(log, default);
            foreach (OutputStream stream in OutputModel.Streams)
            {
                long expected = 0;
                foreach (OutputChunk chunk in chunks.Where(chunk => chunk.Stream == stream))
                {
                    (chunk.Offset - chunk.Skipped).Should().Be(expected);
                    expected = chunk.Offset + chunk.Bytes.Length;
                }

                // With no tail at all nothing comes after the gap that could say so.
                long behind = model.Produced(stream) - expected;
                behind.Should().Be(c.Limit == 0 ? model.Produced(stream) : 0);
            }
        }
    });

    [Fact]
    public void A_follower_beside_the_writers_meets_every_byte_once_and_in_order() => OutputCase.Check(c =>
    {
        // Nothing is dropped, so the model is exact however far behind the follower is.
        var model = new OutputModel(limit: null);
        using var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, limit: null);
        Task<List<OutputChunk>> following = Task.Run(() => Chunks(log, default));

        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        log.Complete();
        Bytes(Finished(following)).Should().Equal(model.From(default));
    });

    [Fact]
    public void A_follower_that_is_left_behind_misses_only_what_its_chunks_say_was_skipped() => OutputCase.Check(c =>
    {
        var model = new OutputModel(c.Limit);
        using var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        Task<List<OutputChunk>> following = Task.Run(() => Chunks(log, default));

        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        log.Complete();
        foreach (IGrouping<OutputStream, OutputChunk> stream in Finished(following).GroupBy(chunk => chunk.Stream))
        {
            long expected = 0;
            foreach (OutputChunk chunk in stream)
            {
                chunk.Offset.Should().Be(expected + chunk.Skipped);
                ModelByte.Of(chunk).Should().OnlyContain(b => b.Byte == OutputModel.ByteAt(b.Stream, b.Offset));
                expected = chunk.Offset + chunk.Bytes.Length;
            }

            (expected == model.Produced(stream.Key) || c.Limit == 0).Should().BeTrue();
        }
    });

    private (OutputLog Log, OutputModel Model) Completed(OutputCase c)
    {
        var model = new OutputModel(c.Limit);
        var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        log.Complete();
        return (log, model);
    }

    private static List<OutputChunk> Chunks(OutputLog log, OutputPosition from) =>
        [.. log.FollowAsync(from).ToBlockingEnumerable()];

    private static List<ModelByte> Bytes(IEnumerable<OutputChunk> chunks) => [.. chunks.SelectMany(ModelByte.Of)];

    private static List<OutputChunk> Finished(Task<List<OutputChunk>> following) => following.Wait(Reading.Limit)
        ? following.Result
        : throw new TimeoutException("the follower did not come to the end");
}
