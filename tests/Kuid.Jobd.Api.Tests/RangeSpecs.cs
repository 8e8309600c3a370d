using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Which bytes of an output a request means.</summary>
public sealed class RangeSpecs
{
    private static readonly (long, long) NoGap = (0, 0);

    [Theory]
    [InlineData("bytes=0-0", 0L, 1L)]
    [InlineData("bytes=0-9", 0L, 10L)]
    [InlineData("bytes=0-99", 0L, 10L)]
    [InlineData("bytes=9-", 9L, 10L)]
    [InlineData("bytes=-3", 7L, 10L)]
    [InlineData("bytes=-99", 0L, 10L)]
    [InlineData("BYTES=2-4", 2L, 5L)]
    public void A_range_is_what_there_is_of_it(string header, long start, long end) =>
        RangeOf(header)!.Value.Within(10).Should().Be((start, end));

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=11-20")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=9223372036854775807-")]
    public void A_range_with_nothing_in_it_is_none(string header) => RangeOf(header)!.Value.Within(10).Should().BeNull();

    [Fact]
    public void Nothing_has_no_range() => RangeOf("bytes=-5")!.Value.Within(0).Should().BeNull();

    [Theory]
    [InlineData("lines=0-9")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes")]
    [InlineData("")]
    public void What_is_no_single_range_of_bytes_is_ignored(string header) => RangeOf(header).Should().BeNull();

    [Theory]
    [InlineData("", 0L, long.MaxValue)]
    [InlineData("?offset=4", 4L, long.MaxValue)]
    [InlineData("?offset=99", 99L, long.MaxValue)]
    [InlineData("?limit=3", 0L, 3L)]
    [InlineData("?offset=4&limit=3", 4L, 7L)]
    [InlineData("?offset=4&limit=9223372036854775807", 4L, long.MaxValue)]
    [InlineData("?tail=3", 7L, long.MaxValue)]
    [InlineData("?tail=99", 0L, long.MaxValue)]
    [InlineData("?tail=0", 10L, long.MaxValue)]
    [InlineData("?tail=5&limit=2", 5L, 7L)]
    public void Offset_limit_and_tail_say_from_where_to_where(string query, long start, long end) =>
        Of(query).Within(10, NoGap).Should().Be((start, end));

    [Theory]
    [InlineData("?offset=2", 2L)]
    [InlineData("?offset=3", 6L)]
    [InlineData("?offset=5", 6L)]
    [InlineData("?offset=6", 6L)]
    [InlineData("?tail=6", 6L)]
    public void What_begins_among_dropped_bytes_begins_behind_them(string query, long start) =>
        Of(query).Within(10, (3, 6)).Start.Should().Be(start);

    [Theory]
    [InlineData("?offset=-1")]
    [InlineData("?offset=9223372036854775808")]
    [InlineData("?offset=1&tail=1")]
    [InlineData("?follow=yes")]
    [InlineData("?follow=")]
    [InlineData("?range=1")]
    public void What_cannot_be_is_refused(string query) =>
        FluentActions.Invoking(() => Of(query)).Should().Throw<ProblemException>().Which.Code.Should().Be(ProblemCode.Parameter);

    private static ByteRange? RangeOf(string header) => ByteRange.Of(new HeaderDictionary { ["Range"] = header });

    private static OutputRequest Of(string query) => OutputRequest.Of(
        new QueryParameters(new QueryCollection(QueryHelpers.ParseQuery(query)), "offset", "limit", "tail", "follow"));
}
