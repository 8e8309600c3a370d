using System.Buffers;
using System.IO.Pipelines;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>The body of a request, as a door hands it over.</summary>
internal static class Pieces
{
    internal static PipeReader Of(string text) => Of(Specs.Bytes(text));

    internal static PipeReader Of(ReadOnlyMemory<byte> bytes) => PipeReader.Create(new ReadOnlySequence<byte>(bytes));
}
