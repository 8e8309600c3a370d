using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Storage.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>The filter by which searches pass over jobs.</summary>
public sealed class GramFilterSpecs
{
    [Fact]
    public void What_stands_in_a_text_is_never_denied() => Prop.ForAll(
        Arb.From(from text in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf() from at in Gen.Choose(0, 1000) from length in Gen.Choose(0, 40) select (text, at, length)),
        found =>
        {
            int at = Math.Min(found.at, found.text.Length), length = Math.Min(found.length, found.text.Length - at);
            var filter = new GramFilter();
            filter.Add(found.text);

            MayContain(filter, found.text.AsSpan(at, length).ToArray()).Should().BeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("z")]
    [InlineData("pm")]
    [InlineData("ame")]
    [InlineData("make target18")]
    [InlineData("target17 make")]
    public void What_stands_in_no_text_is_denied(string text)
    {
        var filter = new GramFilter();
        filter.Add(Specs.Bytes("make -C /srv/app target17"));
        filter.Add(Specs.Bytes("nightly"));

        MayContain(filter, Specs.Bytes(text)).Should().BeFalse();
    }

    [Fact]
    public void It_is_full_before_it_says_yes_to_much()
    {
        var random = new Random(5);
        var filter = new GramFilter();
        byte[] text = new byte[100];
        int texts = 0;
        while (!filter.IsFull)
        {
            random.NextBytes(text);
            filter.Add(text);
            texts++;
        }

        texts.Should().BeGreaterThan(10);
        byte[][] others = [.. Enumerable.Range(0, 1000).Select(_ => Specs.Bytes($"{random.Next():x}")[..3])];
        others.Count(other => MayContain(filter, other)).Should().BeLessThan(100);
    }

    [Fact]
    public void Of_a_text_that_would_make_it_useless_it_takes_no_more_than_that()
    {
        var filter = new GramFilter();
        byte[] text = new byte[1_000_000];
        new Random(5).NextBytes(text);

        filter.Add(text);

        filter.IsUseful.Should().BeFalse();
        Enumerable.Range(0, GramFilter.Parts).SelectMany(filter.Part).Should().Contain((byte)0);
    }

    [Fact]
    public void A_part_that_is_missing_denies_nothing() => GramFilter.MayHave(null, 1).Should().BeTrue();

    private static bool MayContain(GramFilter filter, byte[] text) =>
        GramFilter.GramsOf(text).All(gram => GramFilter.MayHave(filter.Part(GramFilter.PartOf(gram)), gram));
}
