using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>
/// What every store of the history does, said through its interface alone: each kind of store has an heir of this class that
/// opens it. The parts are this file (rows, batches, ids, reopening), keys and inputs, outputs and removal, lists, retention.
/// </summary>
public abstract partial class JobStoreConformance : IDisposable
{
    private IJobStore? _store;
    private IJobReader? _reader;

    private IJobStore Store => _store ??= OpenNew();

    private IJobReader Reader
    {
        get
        {
            _ = Store;
            return _reader ??= Store.OpenReader();
        }
    }

    /// <summary>A store on nothing.</summary>
    protected abstract IJobStore OpenNew();

    /// <summary>A store on what the one from <see cref="OpenNew"/>, which is closed, has left.</summary>
    protected abstract IJobStore OpenAgain();

    /// <summary>A store on what the one from <see cref="OpenNew"/>, which is open, would leave if it were killed now.</summary>
    protected abstract IJobStore OpenAsAfterKill();

    public void Dispose()
    {
        Close();
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    [Fact]
    public void A_job_with_every_member_set_is_read_back_as_it_was()
    {
        JobRecord[] full = [Records.Full(5), Records.FullPipeline(6)];
        string[] defaults = ["0", "False", "None", "null", "", "\"\""];
        full.Select(job => Records.Show(job).Split('\n').Where(line =>
                defaults.Contains(line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..], StringComparer.Ordinal)))
            .Aggregate((a, b) => a.Intersect(b, StringComparer.Ordinal))
            .Should().BeEmpty("every member is to be set to something that is not there by itself, in a process or a pipeline");

        Add(full);

        full.Should().AllSatisfy(job => Records.Show(Reader.Find(job.Id)).Should().Be(Records.Show(job)));
    }

    [Fact]
    public void A_job_with_nothing_but_what_it_must_have_is_read_back_as_it_was()
    {
        Add(Records.Bare(6));

        Records.Show(Reader.Find(6)).Should().Be(Records.Show(Records.Bare(6)));
    }

    [Fact]
    public void Any_job_is_read_back_as_it_was_whether_it_was_added_or_changed() => Prop.ForAll(Arb.From(Records.Any), job =>
    {
        JobRecord added = job with { Id = job.Id * 2 }, changed = job with { Id = (job.Id * 2) + 1 };
        Store.Write(new WriteBatch { Additions = [new Addition(added)], Changes = [new Change(changed)] });

        Records.Show(Reader.Find(added.Id)).Should().Be(Records.Show(added));
        Records.Show(Reader.Find(changed.Id)).Should().Be(Records.Show(changed));
        Store.Write(new WriteBatch { Changes = [new Change(changed with { Version = changed.Version + 1 })] });
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void A_job_that_is_not_there_is_null() => Reader.Find(1).Should().BeNull();

    [Fact]
    public void A_change_brings_a_job_that_is_known_up_to_date_and_the_last_of_a_batch_wins()
    {
        JobRecord ended = Records.Ended(1, JobState.Canceled) with
        {
            EndedBy = "uid:1",
            Detail = "d",
            WaitStatus = 9,
            Pid = 77,
            Process = new ProcessIdentity("boot", 8),
            CpuUser = TimeSpan.FromSeconds(1),
            StdoutBytes = 10,
            OutputIncomplete = true,
            Attempt = 2,
            QueuedAt = Records.Start,
            Priority = 3,
        };
        Add(Records.Queued(1));

        Change(Records.Running(1), ended);

        Records.Show(Reader.Find(1)).Should().Be(Records.Show(ended));
    }

    [Fact]
    public void A_batch_is_written_whole_or_not_at_all_and_the_store_is_good_afterwards()
    {
        Add(Records.Queued(1));
        long reserved = Store.ReservedIds;
        var key = new IdempotencyKey("p", "k", [1]);
        Action write = () => Store.Write(new WriteBatch
        {
            Additions = [new Addition(Records.Queued(2), new byte[3], key)],
            Changes = [new Change(Records.Running(1)), Records.EndedWithOutput(3, 5), new Change(Records.Queued(4) with { Principal = null! })],
            ReservedIds = reserved + 5,
        });

        write.Should().Throw<StoreException>().Which.Fault.Should().Be(StoreFault.Failed);

        Reader.Find(1)!.State.Should().Be(JobState.Queued);
        new long[] { 2, 3, 4 }.Select(Reader.Find).Should().AllSatisfy(job => job.Should().BeNull());
        Reader.FindKey("p", "k", Records.Start).Should().BeNull();
        Reader.ReadStdin(2).Should().BeEmpty();
        Reader.ReadOutput(3).Should().BeNull();
        Store.ReservedIds.Should().Be(reserved);
        Change(Records.Running(1));
        Reader.Find(1)!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public void A_batch_with_nothing_in_it_changes_nothing()
    {
        Store.Write(new WriteBatch()).Should().BeEmpty();

        Reader.List(new JobQuery()).Jobs.Should().BeEmpty();
    }

    [Fact]
    public void Reserved_ids_are_remembered_and_never_below_a_job()
    {
        Store.ReservedIds.Should().Be(0);
        Store.Write(new WriteBatch { ReservedIds = 1000 });
        Store.ReservedIds.Should().Be(1000);
        Store.Write(new WriteBatch());
        Store.ReservedIds.Should().Be(1000, "null leaves it");

        Reopen();
        Store.ReservedIds.Should().Be(1000);
        Change(Records.Ended(2000));

        Reopen();
        Store.ReservedIds.Should().Be(2000);
    }

    [Fact]
    public void Jobs_of_some_states_come_the_oldest_first()
    {
        Change(Records.Ended(9), Records.Running(7), Records.Queued(3), Records.Running(2), Records.Ended(1, JobState.Lost));

        Reader.InStates([JobState.Running, JobState.Queued]).Select(job => job.Id).Should().Equal(2, 3, 7);
        Reader.InStates([JobState.Canceling]).Should().BeEmpty();
        Reader.InStates([]).Should().BeEmpty();
    }

    [Fact]
    public void What_was_written_is_there_when_it_is_opened_again()
    {
        Store.Write(new WriteBatch
        {
            Additions = [new Addition(Records.Queued(1), Specs.Bytes("input"), new IdempotencyKey("p", "k", [1, 2]))],
            Changes = [Records.EndedWithOutput(2, 5)],
            Durable = true,
        });

        Reopen();

        Store.WasLeftOpen.Should().BeFalse();
        Records.Show(Reader.Find(1)).Should().Be(Records.Show(Records.Queued(1)));
        Reader.ReadStdin(1).Should().Equal(Specs.Bytes("input"));
        Reader.ReadOutput(2)!.StdoutBytes.Should().Be(5);
        Reader.FindKey("p", "k", Records.Start)!.Value.Job.Should().Be(1);
    }

    [Fact]
    public void A_store_that_was_not_closed_has_what_was_written_and_says_so_until_it_is_closed()
    {
        Store.WasLeftOpen.Should().BeFalse();
        Add(Records.Queued(1));

        using IJobStore killed = OpenAsAfterKill();

        killed.WasLeftOpen.Should().BeTrue();
        using IJobReader reader = killed.OpenReader();
        reader.Find(1).Should().NotBeNull();
        reader.Check().Should().BeNull();
    }

    [Fact]
    public void A_sound_store_has_no_damage()
    {
        Change([.. Enumerable.Range(1, 100).Select(i => Records.Ended(i))]);

        Reader.Check().Should().BeNull();
    }

    [Fact]
    public void It_says_what_it_is() => Store.Description.Should().MatchRegex(@"^\w+ \d+\.\d+");

    [Fact]
    public async Task Readers_read_beside_the_writer_and_each_sees_whole_batches()
    {
        const int Batches = 200;
        _ = Store;
        using var stop = new CancellationTokenSource();
        Task<int>[] reading = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            int reads = 0;
            using IJobReader reader = _store!.OpenReader();
            do
            {
                // Every batch adds two jobs.
                (reader.List(new JobQuery { Limit = 1000 }).Jobs.Count % 2).Should().Be(0);
                reads++;
            }
            while (!stop.IsCancellationRequested);
            return reads;
        }))];

        for (int i = 1; i <= Batches; i++)
        {
            Add(Records.Queued(2 * i), Records.Queued((2 * i) + 1));
        }

        await stop.CancelAsync();
        (await Task.WhenAll(reading).WaitAsync(Reading.Limit)).Should().OnlyContain(reads => reads > 0);
        Reader.List(new JobQuery { Limit = 1000 }).Jobs.Should().HaveCount(2 * Batches);
    }

    private void Add(params JobRecord[] jobs) => Store.Write(new WriteBatch { Additions = [.. jobs.Select(job => new Addition(job))] });

    private void Change(params JobRecord[] jobs) => Change([.. jobs.Select(job => new Change(job))]);

    private void Change(params Change[] changes) => Store.Write(new WriteBatch { Changes = changes });

    private void Reopen()
    {
        Close();
        _store = OpenAgain();
    }

    private void Close()
    {
        _reader?.Dispose();
        _store?.Dispose();
        (_reader, _store) = (null, null);
    }
}
