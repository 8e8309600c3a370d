using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Tests.Output;

/// <summary>A piece of output: so many bytes of one stream.</summary>
internal sealed record Piece(OutputStream Stream, int Length);

/// <summary>A log's limits and what is appended to it, as FsCheck makes them up; it shrinks by leaving pieces out.</summary>
internal sealed record OutputCase(long? Limit, int MemoryPerStream, int MemoryInAll, Piece[] Pieces, int Pick)
{
    // Lengths around the interesting ones: nothing much, the first block of memory, more than a ring holds.
    private static readonly Gen<int> Lengths = Gen.Frequency(
        (6, Gen.Choose(1, 40)), (3, Gen.Choose(41, 3000)), (1, Gen.Choose(4090, 9000)), (1, Gen.Constant(0)));

    private static readonly Gen<long?> Limits = Gen.Frequency(
        (2, Gen.Constant<long?>(null)),
        (2, Gen.Choose(0, 3).Select(n => (long?)n)),
        (4, Gen.Choose(4, 400).Select(n => (long?)n)),
        (2, Gen.Choose(401, 12000).Select(n => (long?)n)));

    private static readonly Gen<int> Memory = Gen.Elements(0, 1, 4096, 8192, 64 * 1024);

    private static readonly Gen<OutputCase> Any =
        from limit in Limits
        from perStream in Memory
        from inAll in Memory
        from pieces in Gen.Elements(OutputStream.Stdout, OutputStream.Stderr)
            .SelectMany(stream => Lengths.Select(length => new Piece(stream, length))).ArrayOf()
        from pick in Gen.Choose(0, int.MaxValue - 1)
        select new OutputCase(limit, perStream, inAll, pieces, pick);

    internal static Arbitrary<OutputCase> Arbitrary { get; } = Arb.From(Any, whole => whole.Pieces.Select((_, left) =>
        whole with { Pieces = [.. whole.Pieces.Where((_, i) => i != left)] }));

    /// <summary>Checks a property of many cases; a failure names the seed to replay it with and the smallest case found.</summary>
    internal static void Check(Action<OutputCase> property) =>
        Prop.ForAll(Arbitrary, property).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(60));

    internal SpoolSpace Space(string directory) => new(directory, MemoryPerStream, MemoryInAll);

    public override string ToString() =>
        $"limit {Limit}, memory {MemoryPerStream} of {MemoryInAll}, pick {Pick}: "
        + string.Join(' ', Pieces.Select(piece => $"{(piece.Stream == OutputStream.Stdout ? "out" : "err")}{piece.Length}"));
}
