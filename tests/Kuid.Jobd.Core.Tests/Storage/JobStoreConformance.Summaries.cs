using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Lists among jobs that have been summarized: what a summary says may be too much, and never too little.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_summary_is_made_when_there_are_enough_jobs_besides_the_newest()
    {
        Change([.. Enumerable.Range(1, 49).Select(i => Records.Queued(i))]);
        Store.Summarize(jobs: 20, newest: 30).Should().BeFalse();

        Change(Records.Queued(50));

        Store.Summarize(jobs: 20, newest: 30).Should().BeTrue();
        Store.Summarize(jobs: 20, newest: 30).Should().BeFalse();
    }

    [Fact]
    public void Jobs_are_found_by_their_times_when_the_clock_was_set_back_between_them()
    {
        // From noon on, then from noon again, and once more from an hour before.
        Change([.. Enumerable.Range(1, 300).Select(i => Records.Queued(i) with { CreatedAt = Noon.AddSeconds(i % 100).AddHours(i > 200 ? -1 : 0) })]);
        Summarize();

        Listed(new JobQuery { CreatedBefore = Noon, Limit = 500 }).Should().Equal(Down(300, 201));
        Listed(new JobQuery { CreatedAfter = Noon, Limit = 500 }).Should().Equal([200, .. Down(199, 100), .. Down(99, 1)]);
        Listed(new JobQuery { CreatedAfter = Noon.AddSeconds(98) }).Should().Equal(199, 198, 99, 98);
        Listed(new JobQuery { CreatedAfter = Noon.AddSeconds(50), CreatedBefore = Noon.AddSeconds(52), Before = 151 }).Should().Equal(150, 51, 50);
        Listed(new JobQuery { CreatedAfter = Noon.AddSeconds(100) }).Should().BeEmpty();
        Listed(new JobQuery { CreatedBefore = Noon.AddHours(-1) }).Should().BeEmpty();
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("added with others")]
    public void A_job_that_comes_after_its_summary_is_found_by_what_none_of_the_others_has(string way)
    {
        Change([.. Enumerable.Range(1, 100).Where(i => i != 42).Select(i => Records.Queued(i))]);
        Summarize();
        JobRecord late = Records.Queued(42) with { Name = "late", CreatedAt = Noon.AddDays(-3) };

        switch (way)
        {
            case "changed":
                Change(late);
                break;
            case "added":
                Add(late);
                break;
            default:
                Store.AddAll(new JobGroup([new Addition(Records.Queued(101)), new Addition(late)]), reservedIds: null);
                break;
        }

        Listed(new JobQuery { Text = "late" }).Should().Equal(42);
        Listed(new JobQuery { CreatedBefore = Noon }).Should().Equal(42);
    }

    [Fact]
    public void Jobs_are_found_beside_those_that_were_removed_and_where_a_whole_summary_of_them_was()
    {
        Change([.. Enumerable.Range(1, 200).Select(i => Records.Ended(i) with { Name = i % 7 == 0 ? "seven" : "other" })]);
        Summarize();

        Store.Delete([.. Down(99, 1)]).Should().HaveCount(99);
        Listed(new JobQuery { Text = "seven", Limit = 500 }).Should().Equal(Down(200, 100).Where(id => id % 7 == 0));

        Change(Records.Ended(50) with { Name = "again", CreatedAt = Noon.AddDays(2) });
        Listed(new JobQuery { Text = "again" }).Should().Equal(50);
        Listed(new JobQuery { CreatedAfter = Noon.AddDays(2) }).Should().Equal(50);
    }

    [Fact]
    public void Text_is_found_in_summarized_commands_of_any_size_and_across_nothing_but_what_stands_together()
    {
        byte[] large = [.. Enumerable.Repeat((byte)'x', 200_000), .. Specs.Bytes("needle")];
        Change([.. Enumerable.Range(1, 100).Select(i => Records.Queued(i) with
        {
            Argv = i == 30 ? [large] : i == 60 ? [[0xff, .. Specs.Bytes("grün"), 0xfe]] : [Specs.Bytes("gr"), Specs.Bytes("ün")],
        })]);
        Summarize();

        Listed(new JobQuery { Text = "needle" }).Should().Equal(30);
        Listed(new JobQuery { Text = "grün" }).Should().Equal(60);
        Listed(new JobQuery { Text = "ü", Limit = 500 }).Should().HaveCount(99);
        Listed(new JobQuery { Text = "xy" }).Should().BeEmpty();
    }

    [Fact]
    public void A_walk_through_summarized_jobs_meets_every_match_once()
    {
        Change([.. Enumerable.Range(1, 500).Select(i => Records.Queued(i) with { Name = i % 3 == 0 ? "third" : null, CreatedAt = Noon.AddSeconds(i) })]);
        Summarize();
        var query = new JobQuery { Text = "third", CreatedAfter = Noon.AddSeconds(100), CreatedBefore = Noon.AddSeconds(400), Limit = 7 };
        List<long> met = [];
        do
        {
            JobPage page = Reader.List(query);
            met.AddRange(page.Jobs.Select(job => job.Id));
            query = query with { Before = page.Next };
        }
        while (query.Before is not null);

        met.Should().Equal(Down(399, 100).Where(id => id % 3 == 0));
    }

    private static IEnumerable<long> Down(int from, int to) => Enumerable.Range(to, from - to + 1).Reverse().Select(id => (long)id);

    private int Summarize()
    {
        int summaries = 0;
        while (Store.Summarize(jobs: 20, newest: 10))
        {
            summaries++;
        }

        return summaries;
    }
}
