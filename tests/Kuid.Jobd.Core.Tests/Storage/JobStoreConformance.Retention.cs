using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Where a policy cuts, and what the steps of the removal take.</summary>
public abstract partial class JobStoreConformance
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Records_older_than_their_states_age_go_and_no_others()
    {
        Change(
            Records.Ended(1), Records.Ended(2, after: TimeSpan.FromMicroseconds(1)), Records.Ended(3, JobState.Failed),
            Records.Running(4), Records.Queued(5));

        PruneStep step = Prune(new RetentionPolicy { Records = Bounds((JobState.Succeeded, new RecordBounds(Day, null))) }, after: Day + TimeSpan.FromMicroseconds(1));

        step.Records.Should().Equal(1);
        Listed(new JobQuery()).Should().Equal(5, 4, 3, 2);
    }

    [Fact]
    public void Of_each_state_the_newest_of_its_number_stay()
    {
        Change([.. Enumerable.Range(1, 10).Select(i => Records.Ended(i)), .. Enumerable.Range(11, 5).Select(i => Records.Ended(i, JobState.Failed))]);
        RetentionPolicy policy = new()
        {
            Records = Bounds((JobState.Succeeded, new RecordBounds(null, 3)), (JobState.Failed, new RecordBounds(null, 0)), (JobState.Lost, new RecordBounds(null, 1))),
        };

        PruneAll(policy);

        Listed(new JobQuery()).Should().Equal(10, 9, 8);
    }

    [Fact]
    public void A_state_without_bounds_and_jobs_that_are_not_over_keep_their_records()
    {
        Change(Records.Ended(1, JobState.Lost), Records.Running(2), Records.Queued(3));
        RetentionPolicy policy = new()
        {
            Records = Bounds((JobState.Lost, new RecordBounds(null, null)), (JobState.Running, new RecordBounds(Day, 0)), (JobState.Queued, new RecordBounds(Day, 0))),
        };

        Prune(policy, after: Day * 100).IsEmpty.Should().BeTrue();

        Listed(new JobQuery()).Should().Equal(3, 2, 1);
    }

    [Fact]
    public void Old_output_goes_before_its_record_which_says_so()
    {
        Change(Records.EndedWithOutput(1, 10), Records.EndedWithOutput(2, 10, after: TimeSpan.FromHours(1)));
        JobRecord before = Reader.Find(1)!;

        PruneStep step = Prune(new RetentionPolicy { OutputAge = Day }, after: Day + TimeSpan.FromMinutes(1));

        (step.Outputs.Single(), step.Records.Count).Should().Be((1, 0));
        Reader.ReadOutput(1).Should().BeNull();
        Reader.ReadOutput(2).Should().NotBeNull();
        Records.Show(Reader.Find(1)).Should().Be(Records.Show(before with { OutputPruned = true, Version = before.Version + 1 }));
        IsBeyond(bytes: 10).Should().BeFalse();
    }

    [Fact]
    public void Of_too_much_output_the_newest_stays()
    {
        Change([.. Enumerable.Range(1, 10).Select(i => Records.EndedWithOutput(i, 100, after: TimeSpan.FromSeconds(i)))]);

        PruneAll(new RetentionPolicy { OutputBytes = 350 });

        Reader.WithOutput([.. Enumerable.Range(1, 10)]).Should().BeEquivalentTo(new long[] { 8, 9, 10 });
        Listed(new JobQuery()).Should().HaveCount(10);
        IsBeyond(bytes: 300).Should().BeFalse();
        IsBeyond(bytes: 299).Should().BeTrue();
    }

    [Fact]
    public void Output_within_its_bounds_stays()
    {
        Change(Records.EndedWithOutput(1, 100), Records.EndedWithOutput(2, 100));

        Prune(new RetentionPolicy { OutputBytes = 200, OutputAge = Day }, after: Day).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void A_step_takes_no_more_than_it_may_and_the_steps_come_to_an_end()
    {
        for (int i = 1; i <= 40; i++)
        {
            AddWithKey(i, principal: $"p{i}");
            Change(Records.EndedWithOutput(i, 10, TimeSpan.FromSeconds(i), i % 2 == 0 ? JobState.Succeeded : JobState.Failed));
        }

        RetentionPolicy policy = new()
        {
            Records = Bounds((JobState.Succeeded, new RecordBounds(null, 2)), (JobState.Failed, new RecordBounds(Day, null))),
            OutputBytes = 30,
        };
        List<PruneStep> steps = PruneAll(policy, after: Day * 2, most: 7);

        steps.Should().OnlyContain(step => step.Records.Count + step.Outputs.Count + step.Keys <= 7);
        steps.Sum(step => step.Keys).Should().Be(40);
        steps.SelectMany(step => step.Records).Should().OnlyHaveUniqueItems();
        Listed(new JobQuery()).Should().Equal(40, 38);
        Reader.WithOutput([38, 40]).Should().BeEquivalentTo(new long[] { 38, 40 });
        IsBeyond(bytes: 20).Should().BeFalse();
    }

    [Fact]
    public void Records_that_go_take_their_output_labels_and_keys_with_them()
    {
        AddWithKey(1);
        Change(new Change(Records.Ended(1) with { Labels = Labels(("a", "b")) }, Records.Kept([1], [2])));

        PruneStep step = Prune(new RetentionPolicy { Records = Bounds((JobState.Succeeded, new RecordBounds(null, 0))) });

        (step.Records.Single(), step.Outputs.Count).Should().Be((1, 0));
        Reader.ReadOutput(1).Should().BeNull();
        Reader.FindKey("uid:1", "key", Records.Start).Should().BeNull();
        Listed(new JobQuery { Labels = [new("a", null)] }).Should().BeEmpty();
        IsBeyond(bytes: 0).Should().BeFalse();
    }

    [Fact]
    public void Keys_go_when_they_stand_for_nothing_any_more_and_their_jobs_stay()
    {
        AddWithKey(1);

        Prune(new RetentionPolicy(), after: IdempotencyKey.Lifetime).IsEmpty.Should().BeTrue();
        Prune(new RetentionPolicy(), after: IdempotencyKey.Lifetime + TimeSpan.FromMicroseconds(1)).Keys.Should().Be(1);
        Reader.Find(1).Should().NotBeNull();
    }

    [Fact]
    public void A_job_that_ends_after_the_cut_was_found_is_judged_by_the_next()
    {
        Change(Records.Ended(2));
        RetentionPolicy policy = new() { Records = Bounds((JobState.Succeeded, new RecordBounds(Day, null))), OutputAge = Day };
        RetentionCut cut = Reader.Cut(policy, Records.Start + Day);
        Change(Records.EndedWithOutput(1, 5, after: Day));

        Store.Prune(cut, 100).IsEmpty.Should().BeTrue();
    }

    private static Dictionary<JobState, RecordBounds> Bounds(params (JobState State, RecordBounds Bounds)[] bounds) =>
        bounds.ToDictionary(state => state.State, state => state.Bounds);

    private PruneStep Prune(RetentionPolicy policy, TimeSpan after = default) => Store.Prune(Reader.Cut(policy, Records.Start + after), 100);

    private List<PruneStep> PruneAll(RetentionPolicy policy, TimeSpan after = default, int most = 100)
    {
        RetentionCut cut = Reader.Cut(policy, Records.Start + after);
        List<PruneStep> steps = [];
        while (steps.Count < 1000 && Store.Prune(cut, most) is { IsEmpty: false } step)
        {
            steps.Add(step);
        }

        Store.Prune(cut, most).IsEmpty.Should().BeTrue();
        return steps;
    }
}
