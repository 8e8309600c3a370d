using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>Random logs, kept and restored, against the naive model.</summary>
public sealed class KeptOutputSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_that_is_kept_whole_comes_back_with_the_same_bytes_order_records_and_gaps() => OutputCase.Check(c =>
    {
        var kept = new Round(this, c, keepLimit: long.MaxValue);
        using OutputLog log = kept.Restored();

        Same(log, kept.Model, c);
    });

    [Fact]
    public void A_log_that_is_kept_within_a_limit_has_head_and_tail_of_that_limit() => OutputCase.Check(c =>
    {
        // A limit beyond the log's own changes nothing.
        long limit = c.Pick % 6000;
        long effective = Math.Min(limit, c.Limit ?? long.MaxValue);
        var kept = new Round(this, c, keepLimit: limit, modelLimit: effective);
        using OutputLog log = kept.Restored();

        Same(log, kept.Model, c);
        kept.Output.StdoutBytes.Should().Be(kept.Model.Kept(OutputStream.Stdout));
        kept.Output.StderrBytes.Should().Be(kept.Model.Kept(OutputStream.Stderr));
    });

    [Fact]
    public void The_log_stays_as_it_is_for_those_who_read_it_and_can_be_kept_once_more() => OutputCase.Check(c =>
    {
        var kept = new Round(this, c, keepLimit: c.Pick % 6000, keepOpen: true);
        using OutputLog original = kept.Original!;
        OutputModel model = kept.ModelOf(c.Limit);

        foreach (OutputStream stream in OutputModel.Streams)
        {
            original.AllKept(stream).Should().Equal(model.KeptBytes(stream));
        }

        original.FollowAsync().ToBlockingEnumerable().SelectMany(ModelByte.Of).Should().Equal(model.From(default));
    });

    [Fact]
    public void All_memory_is_given_back_after_keeping_and_restoring() => OutputCase.Check(c =>
    {
        var kept = new Round(this, c, keepLimit: c.Pick % 6000);
        kept.Restored().Dispose();

        kept.Space.TryTakeMemory(c.MemoryInAll).Should().BeTrue();
        kept.Space.TryTakeMemory(1).Should().BeFalse();
    });

    [Fact]
    public void A_file_with_a_name_of_its_own_is_kept_under_the_new_one_and_does_not_go_with_its_object()
    {
        string spooled = _folder["kuid-output-x"], kept = _folder["kept"];
        File.WriteAllText(spooled, "bytes");
        var file = new SpoolFile(File.OpenHandle(spooled), spooled);

        file.KeepAs(kept);
        file.Dispose();

        File.Exists(spooled).Should().BeFalse();
        File.ReadAllText(kept).Should().Be("bytes");
    }

    [Fact]
    public void A_file_without_a_name_gets_one_and_lasts()
    {
        using var log = new OutputLog(new SpoolSpace(_folder.Path, memoryPerStream: 0), TimeProvider.System, limit: null);
        log.Append(OutputStream.Stderr, "bytes"u8);
        log.Complete();

        KeptOutput kept = log.Keep(100, stream => _folder[$"kept.{stream}"]);
        log.Dispose();

        (kept.Stdout, kept.Stderr, kept.StdoutBytes, kept.StderrBytes).Should().Be((null, null, 0, 5));
        Directory.GetFiles(_folder.Path).Should().Equal(_folder["kept.Stderr"]);
        File.ReadAllText(_folder["kept.Stderr"]).Should().Be("bytes");
    }

    [Fact]
    public void A_shape_that_is_damaged_is_said_to_be_or_gives_a_log_that_can_be_read_to_its_end()
    {
        using var log = new OutputLog(new SpoolSpace(_folder.Path), new ManualClock(), limit: 100);
        for (int i = 0; i < 40; i++)
        {
            log.Append(OutputModel.Streams[i % 2], new byte[7]);
        }

        log.Complete();
        KeptOutput kept = log.Keep(60, _ => throw new InvalidOperationException("it is small"));
        Gen<byte[]> damaged =
            from at in Gen.Choose(0, kept.Shape.Length - 1)
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, kept.Shape.Length)
            select kept.Shape.Select((b, i) => i == at ? (byte)value : b).Take(at % 3 == 0 ? length : kept.Shape.Length).ToArray();

        Prop.ForAll(Arb.From(damaged), shape =>
        {
            var space = new SpoolSpace(_folder.Path, memoryPerStream: 65536, memoryInAll: 65536);
            try
            {
                using OutputLog restored = OutputLog.Restore(kept with { Shape = shape }, space, _ => throw new FileNotFoundException());
                restored.FollowAsync().ToBlockingEnumerable().Sum(chunk => chunk.Bytes.Length).Should().BeLessThanOrEqualTo(120);
            }
            catch (InvalidDataException)
            {
                // Said.
            }
            catch (FileNotFoundException)
            {
                // It speaks of a stream that is not there.
            }

            space.TryTakeMemory(65536).Should().BeTrue("all memory is there again");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void Same(OutputLog log, OutputModel model, OutputCase c)
    {
        log.IsComplete.Should().BeTrue();
        foreach (OutputStream stream in OutputModel.Streams)
        {
            log.Produced(stream).Should().Be(model.Produced(stream));
            log.Kept(stream).Should().Be(model.Kept(stream));
            log.AllKept(stream).Should().Equal(model.KeptBytes(stream));
        }

        log.FollowAsync().ToBlockingEnumerable().SelectMany(ModelByte.Of).Should().Equal(model.From(default));
        long seq = c.Pick % (model.Records + 1);
        log.FollowAsync(log.PositionOf(seq)).ToBlockingEnumerable().SelectMany(ModelByte.Of).Should().Equal(model.FromRecord(seq));
    }

    /// <summary>A case's log, kept.</summary>
    private sealed class Round
    {
        private readonly string _kept;
        private readonly OutputCase _case;

        internal Round(KeptOutputSpecs specs, OutputCase c, long keepLimit, long? modelLimit = null, bool keepOpen = false)
        {
            _case = c;
            _kept = Directory.CreateDirectory(specs._folder[Path.GetRandomFileName()]).FullName;
            Space = c.Space(specs._folder.Path);
            Model = ModelOf(modelLimit ?? c.Limit);
            var log = new OutputLog(Space, TimeProvider.System, c.Limit);
            var bytes = new OutputModel(limit: null);
            foreach (Piece piece in c.Pieces)
            {
                log.Append(piece.Stream, bytes.Append(piece));
            }

            log.Complete();
            Output = log.Keep(keepLimit, stream => Path.Combine(_kept, stream.ToString()));
            if (keepOpen)
            {
                Original = log;
            }
            else
            {
                log.Dispose();
            }
        }

        internal SpoolSpace Space { get; }

        internal OutputModel Model { get; }

        internal KeptOutput Output { get; }

        internal OutputLog? Original { get; }

        internal OutputModel ModelOf(long? limit)
        {
            var model = new OutputModel(limit);
            foreach (Piece piece in _case.Pieces)
            {
                model.Append(piece);
            }

            return model;
        }

        internal OutputLog Restored() => OutputLog.Restore(Output, Space, stream => File.OpenHandle(Path.Combine(_kept, stream.ToString())));
    }
}
