namespace Kuid.Jobd.Core.Output;

/// <summary>Where a follower is: an offset in each stream.</summary>
/// <param name="Stdout">The next byte of standard output.</param>
/// <param name="Stderr">The next byte of standard error.</param>
public readonly record struct OutputPosition(long Stdout, long Stderr);

/// <summary>A record of the log, or a piece of a large one.</summary>
/// <param name="Seq">The record's number in the order of both streams.</param>
/// <param name="Time">When its first byte was read, UTC.</param>
/// <param name="Stream">Which stream.</param>
/// <param name="Offset">The offset of the first byte here in its stream.</param>
/// <param name="Bytes">The bytes, a copy.</param>
/// <param name="Skipped">How many bytes before these were dropped: the gap between head and tail.</param>
/// <param name="Next">The position right after this chunk.</param>
public readonly record struct OutputChunk(
    long Seq, DateTime Time, OutputStream Stream, long Offset, ReadOnlyMemory<byte> Bytes, long Skipped, OutputPosition Next);
