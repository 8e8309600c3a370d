using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Output of jobs that are over, and their removal with everything that is theirs.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void Output_is_read_back_as_it_was()
    {
        var both = new KeptOutput([1, 0, 255], [0, 254], [], 2, 0);
        var files = new KeptOutput([7], Stdout: null, Stderr: null, 5_000_000_000, 6);
        Change(new Change(Records.Ended(1), both), new Change(Records.Ended(2), files));

        Reader.ReadOutput(1).Should().BeEquivalentTo(both);
        Reader.ReadOutput(2).Should().BeEquivalentTo(files);
    }

    [Fact]
    public void Only_jobs_that_kept_something_have_output()
    {
        Change(
            new Change(Records.Ended(1), Records.Kept([1], null)), new Change(Records.Ended(2), Records.Kept([], [])), new Change(Records.Ended(3)));

        Reader.ReadOutput(2).Should().BeNull();
        Reader.ReadOutput(3).Should().BeNull();
        Reader.WithOutput([1, 2, 3, 4]).Should().Equal(1);
        Reader.WithOutput([]).Should().BeEmpty();
    }

    [Fact]
    public void Output_that_is_written_again_takes_the_place_of_what_was_there_and_counts_once()
    {
        Change(Records.EndedWithOutput(1, 100), Records.EndedWithOutput(1, 60));
        Change(Records.EndedWithOutput(1, 50));

        Reader.ReadOutput(1)!.StdoutBytes.Should().Be(50);
        IsBeyond(bytes: 50).Should().BeFalse();
        IsBeyond(bytes: 49).Should().BeTrue();
    }

    [Fact]
    public void Only_jobs_that_are_over_are_removed_and_with_everything_of_theirs()
    {
        JobRecord job = Records.Queued(1) with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" } };
        Store.Write(new WriteBatch
        {
            Additions = [new Addition(job, new byte[3], new IdempotencyKey("p", "k", [1])), new Addition(Records.Queued(2), new byte[3])],
            Changes = [Records.EndedWithOutput(3, 5), new Change(Records.Running(4)), new Change(Records.Running(5) with { State = JobState.Canceling })],
        });
        Change(new Change(Records.Ended(1) with { Labels = job.Labels }, Records.Kept([1], null)));

        Store.Delete([1, 2, 4, 5, 99]).Should().Equal(1);

        Reader.Find(1).Should().BeNull();
        Reader.ReadOutput(1).Should().BeNull();
        Reader.ReadStdin(1).Should().BeEmpty();
        Reader.FindKey("p", "k", Records.Start).Should().BeNull();
        Reader.List(new JobQuery { Labels = [new("a", null)] }).Jobs.Should().BeEmpty();
        Reader.List(new JobQuery()).Jobs.Select(left => left.Id).Should().Equal(5, 4, 3, 2);
        Reader.ReadStdin(2).Should().HaveCount(3);
        Reader.ReadOutput(3)!.Bytes.Should().Be(5);
        IsBeyond(bytes: 4).Should().BeTrue();
        IsBeyond(bytes: 5).Should().BeFalse("what was removed counts no more");
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    [InlineData(JobState.Lost)]
    public void A_job_is_over_in_every_last_state(JobState state)
    {
        Change(Records.Ended(1, state));

        Store.Delete([1]).Should().Equal(1);
        Store.Delete([1]).Should().BeEmpty();
    }

    [Fact]
    public void A_job_whose_row_is_gone_may_come_again_with_an_equal_id_and_has_nothing_of_the_old_one()
    {
        Change(Records.EndedWithOutput(1, 5));
        Store.Delete([1]);

        Add(Records.Queued(1));

        Reader.ReadOutput(1).Should().BeNull();
    }

    private bool IsBeyond(long bytes) =>
        Reader.Cut(new RetentionPolicy { OutputBytes = bytes }, Records.Start).OutputsBefore is not null;
}
