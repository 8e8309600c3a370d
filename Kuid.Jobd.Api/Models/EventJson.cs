using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Api.Models;

/// <summary>What a job wrote, as an event; the contract's OutputEvent.</summary>
/// <param name="Offset">The offset of the first byte in its stream.</param>
/// <param name="Skipped">How many bytes of the stream before these were dropped.</param>
internal sealed record OutputEventJson(string Stream, long Seq, long Offset, long Skipped, ReadOnlyMemory<byte> Data)
{
    internal static OutputEventJson Of(OutputChunk chunk) => new(
        chunk.Stream == OutputStream.Stdout ? "stdout" : "stderr", chunk.Seq, chunk.Offset, chunk.Skipped, chunk.Bytes);
}

/// <summary>An event that says nothing but that, or where, it is: <c>ping</c> and <c>gap</c>. An event without data is none to a browser.</summary>
internal sealed record EmptyEventJson;
