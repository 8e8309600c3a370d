using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Lists: each filter alone, all of them at once against a naive model, pages.</summary>
public abstract partial class JobStoreConformance
{
    private static readonly DateTime Noon = Records.Start;

    [Fact]
    public void Each_filter_lets_through_what_matches_it()
    {
        Change(
            Records.Queued(1),
            Records.Running(2) with { Queue = "other" },
            Records.Queued(3) with { Kind = JobKind.Shell, Argv = [Specs.Bytes("/bin/sh"), Specs.Bytes("-c"), Specs.Bytes("make ALL")] },
            Records.Ended(4) with { Service = "mail", Queue = null },
            Records.Queued(5) with { Origin = JobOrigin.Service },
            Records.Queued(6) with { Name = "all of it" },
            Records.Queued(7) with { CreatedAt = Noon.AddMicroseconds(1) },
            Records.Queued(8) with { Labels = Labels(("env", "prod"), ("team", "a")) },
            Records.Queued(9) with { Labels = Labels(("env", "test")) });

        Listed(new JobQuery()).Should().Equal(9, 8, 7, 6, 5, 4, 3, 2, 1);
        Listed(new JobQuery { States = [JobState.Running] }).Should().Equal(2);
        Listed(new JobQuery { States = [JobState.Succeeded, JobState.Running, JobState.Running] }).Should().Equal(4, 2);
        Listed(new JobQuery { Queue = "other" }).Should().Equal(2);
        Listed(new JobQuery { Queue = "OTHER" }).Should().BeEmpty();
        Listed(new JobQuery { Kind = JobKind.Shell }).Should().Equal(3);
        Listed(new JobQuery { Service = "mail" }).Should().Equal(4);
        Listed(new JobQuery { Origin = JobOrigin.Service }).Should().Equal(5);
        Listed(new JobQuery { Text = "all" }).Should().Equal(6);
        Listed(new JobQuery { Text = "ALL" }).Should().Equal(3);
        Listed(new JobQuery { Text = "%" }).Should().BeEmpty("it is text, no pattern");
        Listed(new JobQuery { CreatedAfter = Noon.AddMicroseconds(1) }).Should().Equal(7);
        Listed(new JobQuery { CreatedBefore = Noon }).Should().BeEmpty();
        Listed(new JobQuery { CreatedBefore = Noon.AddMicroseconds(1) }).Should().NotContain(7).And.HaveCount(8);
        Listed(new JobQuery { Labels = [new("env", "prod")] }).Should().Equal(8);
        Listed(new JobQuery { Labels = [new("env", null)] }).Should().Equal(9, 8);
        Listed(new JobQuery { Labels = [new("env", null), new("team", "a")] }).Should().Equal(8);
        Listed(new JobQuery { Labels = [new("env", "prod"), new("env", "test")] }).Should().BeEmpty();
        Listed(new JobQuery { Before = 3 }).Should().Equal(2, 1);
    }

    [Fact]
    public void Text_is_found_in_bytes_that_are_no_UTF_8_and_across_nothing_but_what_stands_together()
    {
        Change(
            Records.Queued(1) with { Argv = [[0xff, .. Specs.Bytes("grün"), 0xfe]] },
            Records.Queued(2) with { Argv = [Specs.Bytes("gr"), Specs.Bytes("ün")] });

        Listed(new JobQuery { Text = "grün" }).Should().Equal(1);
        Listed(new JobQuery { Text = "gr" }).Should().Equal(2, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_combination_of_filters_and_every_limit_gives_what_a_naive_model_gives(bool summarized)
    {
        var random = new Random(11);
        JobRecord[] jobs = [.. Enumerable.Range(1, 1000).Select(id => Small(id, random))];
        Change([.. jobs.Where(job => job.Id % 10 != 3)]);
        if (summarized)
        {
            Summarize().Should().BeGreaterThan(20);
        }

        // Some come late.
        Change([.. jobs.Where(job => job.Id % 10 == 3)]);

        Prop.ForAll(Arb.From(Queries), query =>
        {
            JobPage page = Reader.List(query);

            long[] expected = [.. jobs.Where(job => Matches(query, job)).Select(job => job.Id).OrderDescending()];
            page.Jobs.Select(job => job.Id).Should().Equal(expected.Take(query.Limit));
            page.Next.Should().Be(expected.Length > query.Limit ? expected[query.Limit - 1] : null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_walk_from_page_to_page_meets_every_job_once_while_others_arrive_and_end()
    {
        Change([.. Enumerable.Range(1, 100).Select(i => Records.Queued(i))]);
        var query = new JobQuery { States = [JobState.Queued, JobState.Running], Limit = 7 };
        List<long> met = [];
        long arriving = 1000;
        JobPage page;
        do
        {
            page = Reader.List(query);
            met.AddRange(page.Jobs.Select(job => job.Id));
            Add(Records.Queued(arriving++));

            // Whatever its state becomes, it has been met already or is met in the other state.
            Change(Records.Running(met[^1]), Records.Running(Math.Max(met[^1] - 3, 1)));
            query = query with { Before = page.Next };
        }
        while (page.Next is not null);

        met.Should().Equal(Enumerable.Range(1, 100).Select(i => (long)i).Reverse());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void The_last_page_has_no_next(int limit)
    {
        Change(Records.Queued(1), Records.Queued(2));

        JobPage page = Reader.List(new JobQuery { Limit = limit });

        page.Jobs.Should().HaveCount(Math.Min(limit, 2));
        page.Next.Should().Be(limit == 1 ? 2 : null);
    }

    private long[] Listed(JobQuery query) => [.. Reader.List(query).Jobs.Select(job => job.Id)];

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    // Few values, so that filters meet often.
    private static JobRecord Small(long id, Random random)
    {
        string One(params string[] words) => words[random.Next(words.Length)];
        bool pipeline = random.Next(2) == 0;
        return Records.Queued(id) with
        {
            State = (JobState)random.Next(1, 9),
            Queue = random.Next(3) == 0 ? null : One("a", "b"),
            Kind = pipeline ? JobKind.Pipeline : JobKind.Argv,
            Pipeline = pipeline ? One("ok", "nightly | x", "ps 2") : null,
            Service = random.Next(3) == 0 ? null : One("s", "t"),
            Origin = (JobOrigin)random.Next(1, 4),
            Name = random.Next(40) == 0 ? "a rare one" : random.Next(3) == 0 ? null : One("", "nightly", "ok"),
            Argv = pipeline ? [] : [Specs.Bytes(One("ok", "nightly", "x")), Specs.Bytes(One("1", "2"))],
            CreatedAt = Noon.AddSeconds(random.Next(5)),
            Labels = random.Next(3) == 0 ? JobRecord.NoLabels : Labels(("env", One("p", "q")), (One("x", "y"), "1")),
        };
    }

    private static Gen<T?> OrNull<T>(Gen<T> gen)
        where T : struct => Gen.Frequency((3, Gen.Constant<T?>(null)), (1, gen.Select(value => (T?)value)));

    private static Gen<string?> OneOrNull(params string[] words) =>
        Gen.Frequency((3, Gen.Constant<string?>(null)), (1, Gen.Elements(words).Select(word => (string?)word)));

    private static Gen<JobQuery> Queries { get; } =
        from states in Gen.Frequency((2, Gen.Constant(Array.Empty<int>())), (3, Gen.Choose(1, 8).ArrayOf(3)))
        from queue in OneOrNull("a", "b", "c")
        from kind in OrNull(Gen.Choose(2, 3))
        from service in OneOrNull("s", "t")
        from origin in OrNull(Gen.Choose(1, 3))
        from text in OneOrNull("nightly", "ok", "night", "2", "k\0", "", "rare", "a rare one", "rarer", "!")
        from after in OrNull(Gen.Choose(0, 5))
        from before in OrNull(Gen.Choose(0, 5))
        from cursor in OrNull(Gen.Choose(0, 1001))
        from limit in Gen.Choose(1, 60)
        from labels in Gen.Frequency(
            (2, Gen.Constant(Array.Empty<KeyValuePair<string, string?>>())),
            (2, Gen.Elements<KeyValuePair<string, string?>>(new("env", null), new("env", "p"), new("env", "z"), new("x", "1"), new("y", null)).ArrayOf(2)))
        select new JobQuery
        {
            States = [.. states.Select(state => (JobState)state)],
            Queue = queue,
            Kind = (JobKind?)kind,
            Service = service,
            Origin = (JobOrigin?)origin,
            Text = text,
            CreatedAfter = after is { } since ? Noon.AddSeconds(since) : null,
            CreatedBefore = before is { } until ? Noon.AddSeconds(until) : null,
            Before = cursor,
            Limit = limit,
            Labels = labels,
        };

    private static bool Matches(JobQuery query, JobRecord job) =>
        (query.States.Count == 0 || query.States.Contains(job.State))
        && (query.Queue is null || query.Queue == job.Queue)
        && (query.Kind is null || query.Kind == job.Kind)
        && (query.Service is null || query.Service == job.Service)
        && (query.Origin is null || query.Origin == job.Origin)
        && (query.Text is null || job.Name?.Contains(query.Text, StringComparison.Ordinal) == true
            || job.Pipeline?.Contains(query.Text, StringComparison.Ordinal) == true
            || string.Concat(job.Argv.Select(word => System.Text.Encoding.UTF8.GetString(word) + "\0")).Contains(query.Text, StringComparison.Ordinal))
        && (query.CreatedAfter is null || job.CreatedAt >= query.CreatedAfter)
        && (query.CreatedBefore is null || job.CreatedAt < query.CreatedBefore)
        && (query.Before is null || job.Id < query.Before)
        && query.Labels.All(label => job.Labels.TryGetValue(label.Key, out string? value) && (label.Value is null || label.Value == value));

    [Fact]
    public void A_page_of_large_commands_ends_early_and_the_walk_goes_on_behind_it()
    {
        byte[] large = new byte[1024 * 1024];
        Array.Fill(large, (byte)'x');
        Change([.. Enumerable.Range(1, 20).Select(i => Records.Queued(i) with { Argv = [large] })]);
        var query = new JobQuery { Limit = 20 };
        List<long> met = [];
        JobPage page;
        do
        {
            page = Reader.List(query);
            page.Jobs.Should().HaveCountLessThan(10).And.NotBeEmpty();
            met.AddRange(page.Jobs.Select(job => job.Id));
            query = query with { Before = page.Next };
        }
        while (page.Next is not null);

        met.Should().Equal(Enumerable.Range(1, 20).Select(i => (long)i).Reverse());
    }
}
