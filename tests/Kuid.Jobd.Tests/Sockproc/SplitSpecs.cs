using FsCheck;
using FsCheck.Fluent;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Row 81: how the network cuts a request into pieces never changes what it means.</summary>
public sealed class SplitSpecs
{
    private const int ShortEnoughForPairs = 40;

    public static TheoryData<int> Requests() => [.. Enumerable.Range(0, RequestCorpus.All.Count)];

    [Fact]
    public void The_corpus_has_at_least_60_requests_all_different() =>
        RequestCorpus.All.Should().HaveCountGreaterThanOrEqualTo(60).And.OnlyHaveUniqueItems();

    [Fact]
    public void The_corpus_has_requests_of_every_outcome() =>
        RequestCorpus.All.SelectMany(request => new[] { ReadLimits.Small, ReadLimits.Default }
                .Select(limits => ReaderRun.Whole(request, limits).Reason))
            .Distinct().Should().BeEquivalentTo([null, .. ReaderReasons.All]);

    [Theory]
    [MemberData(nameof(Requests))]
    public void Row_81_a_request_means_the_same_however_it_is_cut(int index)
    {
        byte[] request = Wire.Bytes(RequestCorpus.All[index]);
        foreach (ReadLimits limits in (ReadLimits[])[ReadLimits.Small, ReadLimits.Default])
        {
            ReadOutcome expected = ReferenceParser.Parse(request, limits);
            Same(expected, ReaderRun.Cut(request, [], limits), request, []);
            Same(expected, ReaderRun.ByteByByte(request, limits), request, [1]);
            for (int first = 0; first <= request.Length; first++)
            {
                Same(expected, ReaderRun.Cut(request, [first], limits), request, [first]);
                for (int second = first; second <= request.Length && request.Length <= ShortEnoughForPairs; second++)
                {
                    Same(expected, ReaderRun.Cut(request, [first, second], limits), request, [first, second]);
                }
            }
        }
    }

    [Theory]
    [InlineData(131070)]
    [InlineData(131071)]
    [InlineData(131072)]
    public void Row_81_a_command_near_the_real_limit_means_the_same_cut_anywhere_near_its_end(int length)
    {
        byte[] request = Wire.Bytes(new string('a', length) + "\r\n5\r\nstdin");
        ReadOutcome expected = ReferenceParser.Parse(request, ReadLimits.Default);
        for (int cut = 131060; cut <= request.Length; cut++)
        {
            Same(expected, ReaderRun.Cut(request, [cut], ReadLimits.Default), request, [cut]);
            Same(expected, ReaderRun.Cut(request, [1, cut], ReadLimits.Default), request, [1, cut]);
        }
    }

    [Fact]
    public void Row_81_generated_requests_mean_the_same_however_they_are_cut()
    {
        // Few different bytes, so that the meaningful sequences come up by chance.
        Gen<byte> bytes = Gen.Frequency(
            (8, Gen.Elements("\r\n"u8.ToArray())), (5, Gen.Elements("0123456789"u8.ToArray())),
            (5, Gen.Elements("ab GET/HTP.1"u8.ToArray())), (1, Gen.Elements<byte>(0, 0x80, 0xff, 0x22)));
        Gen<(byte[] Request, int[] Cuts)> cases =
            from header in Gen.Elements("", "", "cat\r\n", "GET / HTTP/1.1")
            from tail in bytes.ArrayOf()
            let request = (byte[])[.. Wire.Bytes(header), .. tail]
            from cuts in Gen.Choose(0, request.Length).ArrayOf()
            select (request, cuts.Order().ToArray());

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            foreach (ReadLimits limits in (ReadLimits[])[ReadLimits.Small, ReadLimits.Default])
            {
                ReadOutcome expected = ReferenceParser.Parse(one.Request, limits);
                Same(expected, ReaderRun.Cut(one.Request, [], limits), one.Request, []);
                Same(expected, ReaderRun.Cut(one.Request, one.Cuts, limits), one.Request, one.Cuts);
                Same(expected, ReaderRun.ByteByByte(one.Request, limits), one.Request, [1]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(60));
    }

    // Compared without FluentAssertions: this is asked half a million times.
    private static void Same(ReadOutcome expected, ReadOutcome found, byte[] request, int[] cuts)
    {
        if (expected != found)
        {
            Assert.Fail($"{Wire.Show(request)} cut at {string.Join(", ", cuts)}\nexpected {expected}\nfound    {found}");
        }
    }
}
