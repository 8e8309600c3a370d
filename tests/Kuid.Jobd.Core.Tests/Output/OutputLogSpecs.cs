using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>Random logs against the naive model.</summary>
public sealed class OutputLogSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_produced_and_kept_is_counted_after_every_piece() => OutputCase.Check(c =>
    {
        var model = new OutputModel(c.Limit);
        using var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
            foreach (OutputStream stream in OutputModel.Streams)
            {
                log.Produced(stream).Should().Be(model.Produced(stream));
                log.Kept(stream).Should().Be(model.Kept(stream));
            }
        }
    });

    [Fact]
    public void What_is_said_to_stay_in_memory_makes_no_file() => OutputCase.Check(c =>
    {
        var model = new OutputModel(c.Limit);
        using var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            byte[] bytes = model.Append(piece);
            bool stays = log.IsInMemory && log.StaysInMemory(piece.Stream, bytes.Length);
            log.Append(piece.Stream, bytes);
            (log.IsInMemory || !stays).Should().BeTrue();
            (c.Limit is not null || log.IsInMemory == stays || bytes.Length == 0).Should().BeTrue("without a limit it says neither too much nor too little");
        }
    });

    [Fact]
    public void Head_and_tail_are_read_back_byte_by_byte() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Filled(c);
        using (log)
        {
            foreach (OutputStream stream in OutputModel.Streams)
            {
                log.AllKept(stream).Should().Equal(model.KeptBytes(stream));
            }
        }
    });

    [Fact]
    public void A_read_at_any_offset_gives_the_bytes_there_or_after_the_gap() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Filled(c);
        using (log)
        {
            OutputStream stream = OutputModel.Streams[c.Pick % 2];
            long offset = c.Pick % (model.Produced(stream) + 3);
            long expected = model.FirstKept(stream, offset);
            byte[] buffer = new byte[1 + (c.Pick % 500)];

            int n = log.Read(stream, ref offset, buffer);

            if (expected >= model.Produced(stream))
            {
                n.Should().Be(0);
            }
            else
            {
                offset.Should().Be(expected);
                n.Should().BePositive();
                buffer.AsSpan(0, n).ToArray().Should().Equal(
                    Enumerable.Range(0, n).Select(i => OutputModel.ByteAt(stream, expected + i)));
                Enumerable.Range(0, n).Should().OnlyContain(i => model.IsKept(stream, expected + i));
            }
        }
    });

    [Fact]
    public void The_whole_stream_is_in_the_file_that_is_offered_for_sendfile() => OutputCase.Check(c =>
    {
        (OutputLog log, OutputModel model) = Filled(c);
        using (log)
        {
            foreach (OutputStream stream in OutputModel.Streams)
            {
                bool whole = model.Kept(stream) == model.Produced(stream);
                bool spilled = model.Produced(stream) > Math.Min(c.MemoryPerStream, c.MemoryInAll);
                if (log.WholeFile(stream) is { } file)
                {
                    whole.Should().BeTrue();
                    byte[] bytes = new byte[model.Produced(stream)];
                    RandomAccess.Read(file, bytes, 0).Should().Be(bytes.Length);
                    bytes.Should().Equal(model.KeptBytes(stream));
                }
                else
                {
                    (whole && spilled).Should().BeFalse("a stream that is whole and larger than the memory for it is in a file");
                }
            }
        }
    });

    private (OutputLog Log, OutputModel Model) Filled(OutputCase c)
    {
        var model = new OutputModel(c.Limit);
        var log = new OutputLog(c.Space(_folder.Path), TimeProvider.System, c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        return (log, model);
    }
}
