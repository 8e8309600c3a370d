using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>One range of bytes that a client asks for (RFC 9110, 14): from, to, or the last so many.</summary>
/// <param name="From">The first byte; null for a number of last bytes.</param>
/// <param name="To">The last byte; with no <see cref="From"/>, how many last bytes.</param>
internal readonly record struct ByteRange(long? From, long? To)
{
    /// <summary>What the header says; null when it is absent or no single range of bytes, which is to be ignored.</summary>
    internal static ByteRange? Of(IHeaderDictionary headers) =>
        headers.Range.Count == 1
        && RangeHeaderValue.TryParse(headers.Range.ToString(), out RangeHeaderValue? range)
        && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
        && range.Ranges is { Count: 1 } ranges
            ? new ByteRange(ranges.First().From, ranges.First().To)
            : null;

    /// <summary>The first byte of it and the one after its last, where there are so many bytes; null when there is none in it.</summary>
    internal (long Start, long End)? Within(long length) => this switch
    {
        { From: null, To: { } last } => last > 0 && length > 0 ? (Math.Max(0, length - last), length) : null,
        { From: { } from, To: var to } => from < length ? (from, to is { } most ? Math.Min(most, length - 1) + 1 : length) : null,
        _ => null,
    };

    /// <summary>Says that there is nothing in the range.</summary>
    internal ProblemException NotSatisfiable(string stream, long length) =>
        new(ProblemCode.Range, From is { } from ? $"the range begins at {from}, but {stream} has {length} bytes" : $"{stream} has no bytes")
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Content-Range"] = new ContentRangeHeaderValue(length).ToString(),
                ["Accept-Ranges"] = "bytes",
            },
        };
}
