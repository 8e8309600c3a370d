using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>An event as a client takes it from a stream, by .NET's own reader of the format.</summary>
/// <param name="Type">Its <c>event:</c>.</param>
/// <param name="Id">Its <c>id:</c>; null when it has none.</param>
/// <param name="Data">Its data.</param>
internal sealed record ServerEvent(string Type, string? Id, string Data)
{
    /// <summary>The bytes of an output event.</summary>
    internal byte[] Bytes => Json.GetProperty("data").GetBytesFromBase64();

    internal JsonElement Json => JsonDocument.Parse(Data).RootElement;

    /// <summary>The events that have come whole: one that is cut off is none.</summary>
    internal static List<ServerEvent> Of(ReadOnlyMemory<byte> stream) =>
        [.. SseParser.Create(new MemoryStream(stream.ToArray())).Enumerate().Select(Of)];

    /// <summary>The events of a stream as they come.</summary>
    internal static IAsyncEnumerable<ServerEvent> Of(Stream stream, CancellationToken cancellation = default) =>
        SseParser.Create(stream).EnumerateAsync(cancellation).Select(Of);

    /// <summary>What the output events of a stream have together.</summary>
    internal static byte[] Output(IEnumerable<ServerEvent> events, string stream) =>
        [.. events.Where(each => each.Type == "output" && each.Json.Text("stream") == stream).SelectMany(each => each.Bytes)];

    private static ServerEvent Of(SseItem<string> item) => new(item.EventType, item.EventId, item.Data);
}
