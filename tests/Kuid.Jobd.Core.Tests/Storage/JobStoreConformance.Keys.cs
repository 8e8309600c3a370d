using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Idempotency keys, and the input that waits with its job.</summary>
public abstract partial class JobStoreConformance
{
    private static readonly byte[] Fingerprint = [0, 255, 7];

    [Fact]
    public void A_key_that_is_used_again_stands_for_the_first_job_and_no_second_is_added()
    {
        AddWithKey(1).Should().Be(new AdditionOutcome(1));

        AdditionOutcome again = AddWithKey(2);

        again.IsNew.Should().BeFalse();
        again.Job.Should().Be(1);
        again.Fingerprint.Should().Equal(Fingerprint);
        Reader.Find(2).Should().BeNull();
        Reader.FindKey("uid:1", "key", Records.Start)!.Value.Fingerprint.Should().Equal(Fingerprint);
    }

    [Fact]
    public void A_key_that_comes_twice_in_a_batch_makes_one_job_with_its_input()
    {
        var key = new IdempotencyKey("uid:1", "key", Fingerprint);

        IReadOnlyList<AdditionOutcome> outcomes = Store.Write(new WriteBatch
        {
            Additions =
            [
                new Addition(Records.Queued(1), Specs.Bytes("first"), key),
                new Addition(Records.Queued(2), Specs.Bytes("second"), key with { Fingerprint = [9] }),
                new Addition(Records.Queued(3)),
            ],
        });

        outcomes.Select(outcome => (outcome.Job, outcome.IsNew)).Should().Equal((1, true), (1, false), (3, true));
        outcomes[1].Fingerprint.Should().Equal(Fingerprint);
        Reader.List(new JobQuery()).Jobs.Select(job => job.Id).Should().Equal(3, 1);
        Reader.ReadStdin(1).Should().Equal(Specs.Bytes("first"));
        Reader.ReadStdin(2).Should().BeEmpty();
    }

    [Fact]
    public void A_key_is_remembered_for_its_lifetime_and_not_longer()
    {
        AddWithKey(1);

        AddWithKey(2, IdempotencyKey.Lifetime).IsNew.Should().BeFalse();
        Reader.FindKey("uid:1", "key", Records.Start + IdempotencyKey.Lifetime).Should().NotBeNull();
        Reader.FindKey("uid:1", "key", Records.Start + IdempotencyKey.Lifetime + TimeSpan.FromMicroseconds(1)).Should().BeNull();
        AddWithKey(3, IdempotencyKey.Lifetime + TimeSpan.FromMicroseconds(1)).Should().Be(new AdditionOutcome(3));
        AddWithKey(4, IdempotencyKey.Lifetime * 1.5).Job.Should().Be(3, "its time has begun anew");
    }

    [Fact]
    public void A_key_is_its_principals_own()
    {
        AddWithKey(1);

        AddWithKey(2, principal: "uid:2").IsNew.Should().BeTrue();
        AddWithKey(3, principal: "UID:1").IsNew.Should().BeTrue("principals and keys are compared byte by byte");
        Reader.FindKey("uid:3", "key", Records.Start).Should().BeNull();
        Reader.FindKey("uid:1", "kez", Records.Start).Should().BeNull();
    }

    [Fact]
    public void Input_is_kept_until_the_job_starts()
    {
        byte[] input = [0, 255, .. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        JobRecord job = Records.Queued(1) with { StdinMode = StdinMode.Inline, StdinBytes = input.Length };
        Store.Write(new WriteBatch { Additions = [new Addition(job, input)] });
        Reader.ReadStdin(1).Should().Equal(input);

        Change(job with { Priority = 7, Version = 2 });
        Reader.ReadStdin(1).Should().Equal(input, "it still waits");

        Change(job with { State = JobState.Running, Version = 3 });
        Reader.ReadStdin(1).Should().BeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("default")]
    public void Input_of_a_job_that_is_cancelled_before_it_starts_goes_too(string? queue)
    {
        JobRecord job = Records.Queued(1) with { StdinMode = StdinMode.Inline, StdinBytes = 1, Queue = queue };
        Store.Write(new WriteBatch { Additions = [new Addition(job, new byte[1])] });

        Change(job with { State = JobState.Canceled });

        Reader.ReadStdin(1).Should().BeEmpty();
    }

    [Fact]
    public void A_job_without_input_or_no_job_at_all_has_empty_input()
    {
        Add(Records.Queued(1));

        Reader.ReadStdin(1).Should().BeEmpty();
        Reader.ReadStdin(2).Should().BeEmpty();
    }

    private AdditionOutcome AddWithKey(long id, TimeSpan after = default, string principal = "uid:1") => Store.Write(new WriteBatch
    {
        Additions = [new Addition(
            Records.Queued(id) with { CreatedAt = Records.Start + after }, Key: new IdempotencyKey(principal, "key", Fingerprint))],
    }).Single();
}
