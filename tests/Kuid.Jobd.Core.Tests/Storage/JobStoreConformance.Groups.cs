using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Jobs that are taken in together.</summary>
public abstract partial class JobStoreConformance
{
    private static readonly BatchRecord Nightly = new(0, "nightly", "uid:1", Records.Start, MaxParallel: 3, StopOnFailure: true);

    [Fact]
    public void Jobs_that_come_together_are_all_there_with_their_batch_and_their_input()
    {
        GroupOutcome outcome = Store.AddAll(
            new JobGroup([new Addition(Records.Queued(1), Specs.Bytes("first")), new Addition(Records.Queued(2))], Nightly), reservedIds: 700);

        outcome.Should().Be(new GroupOutcome(new AdditionOutcome(1), 1));
        new long[] { 1, 2 }.Select(id => Reader.Find(id)!.BatchId).Should().Equal(1, 1);
        Reader.ReadStdin(1).Should().Equal(Specs.Bytes("first"));
        Store.ReservedIds.Should().Be(700);
        Store.AddAll(new JobGroup([new Addition(Records.Queued(3))], Nightly), reservedIds: null).Batch.Should().Be(2);
        Store.ReservedIds.Should().Be(700);
    }

    [Fact]
    public void Jobs_that_come_together_and_are_no_batch_have_none()
    {
        Store.AddAll(new JobGroup([new Addition(Records.Queued(1))]), reservedIds: null).Batch.Should().BeNull();
        Reader.Find(1)!.BatchId.Should().BeNull();
    }

    [Fact]
    public void A_key_of_jobs_that_come_together_stands_for_the_first_and_none_is_added_again()
    {
        var key = new IdempotencyKey("uid:1", "all", Fingerprint);
        Store.AddAll(new JobGroup([new Addition(Records.Queued(1)), new Addition(Records.Queued(2))], Nightly, key), reservedIds: null);

        GroupOutcome again = Store.AddAll(new JobGroup([new Addition(Records.Queued(3)), new Addition(Records.Queued(4))], Nightly, key), reservedIds: null);

        (again.First.IsNew, again.First.Job, again.Batch).Should().Be((false, 1, null));
        Reader.List(new JobQuery()).Jobs.Select(job => job.Id).Should().Equal(2, 1);
    }

    [Fact]
    public void Labels_that_a_job_has_no_longer_find_it_no_longer()
    {
        Store.Write(new WriteBatch { Additions = [new Addition(Records.Queued(1) with { Labels = Labels(("team", "web"), ("a", "b")) })] });

        Store.Write(new WriteBatch { Changes = [new Change(Records.Queued(1) with { Version = 2, Labels = Labels(("team", "db")) })] });

        Found("team", "web").Should().BeEmpty();
        Found("a", null).Should().BeEmpty();
        Found("team", "db").Should().Equal(1);
        Reader.Find(1)!.Labels.Should().Equal(Labels(("team", "db")));
    }

    private IEnumerable<long> Found(string key, string? value) =>
        Reader.List(new JobQuery { Labels = [KeyValuePair.Create(key, value)] }).Jobs.Select(job => job.Id);
}
