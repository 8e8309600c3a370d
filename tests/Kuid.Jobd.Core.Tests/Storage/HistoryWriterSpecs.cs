using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>The thread that writes, on a store that is slow, refuses, or refuses one record.</summary>
public sealed class HistoryWriterSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ControlledStore _store = new();
    private readonly OutputLog _nothing;
    private readonly HistoryWriter _writer;

    public HistoryWriterSpecs()
    {
        _nothing = OutputLog.Empty(new SpoolSpace(_folder.Path), TimeProvider.System);
        _writer = new HistoryWriter(_store, new OutputFiles(_folder["output"]), NullLogger.Instance);
    }

    public void Dispose()
    {
        _store.LetGo();
        _writer.Dispose();
        _nothing.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Saves_of_a_job_that_wait_are_one_of_the_job_as_it_then_is()
    {
        await HoldUp();
        Job job = Queued(1);
        Task<bool> first = Save(job);
        job.TryStart();
        Task<bool> second = Save(job);
        End(job);
        Task<bool> third = Save(job, Output(7));
        Task<bool> fourth = Save(job);

        _store.LetGo();

        (await Task.WhenAll(first, second, third, fourth).WaitAsync(Reading.Limit)).Should().OnlyContain(written => written);
        Change change = _store.Changes.Should().ContainSingle().Subject;
        change.Job.State.Should().Be(JobState.Failed);
        change.Job.StdoutKeptBytes.Should().Be(7, "a later save takes over the output of the one before");
        change.Output!.StdoutBytes.Should().Be(7);
    }

    [Fact]
    public async Task An_addition_is_durable_and_a_save_only_when_it_says_so_also_after_another_has_taken_its_place()
    {
        await Add(1);
        await Save(Queued(2)).WaitAsync(Reading.Limit);
        await HoldUp();
        Job job = Queued(3);
        _ = Save(job, durable: true);
        Task<bool> last = Save(job);
        _store.LetGo();
        await last.WaitAsync(Reading.Limit);

        _store.Written.First(batch => batch.Additions.Count == 1).Durable.Should().BeTrue();
        _store.Written.Single(batch => batch.Changes.Any(change => change.Job.Id == 2)).Durable.Should().BeFalse();
        _store.Written.Single(batch => batch.Changes.Any(change => change.Job.Id == 3)).Durable.Should().BeTrue();
    }

    [Theory]
    [InlineData(StoreFault.Full)]
    [InlineData(StoreFault.Locked)]
    [InlineData(StoreFault.ReadOnly)]
    [InlineData(StoreFault.Failed)]
    public async Task What_the_store_refuses_is_the_submitters_to_hear_for_an_addition_and_tried_again_for_a_save(StoreFault fault)
    {
        _store.RefuseAll(fault);
        Task<bool> save = Save(Queued(1));
        Func<Task> add = () => Add(2);

        (await add.Should().ThrowAsync<StoreException>()).Which.Fault.Should().Be(fault);
        _writer.Health.Should().Be(new HistoryHealth(fault, "refused", Unsaved: 1, Dropped: 0));
        int calls = _store.Calls;
        await Eventually.Holds(() => _store.Calls > calls, "the save is tried again by itself", Reading.Limit);
        save.IsCompleted.Should().BeFalse();

        _store.Accept();

        (await save.WaitAsync(Reading.Limit)).Should().BeTrue();
        _writer.Health.Should().Be(new HistoryHealth(Fault: null, Detail: null, Unsaved: 0, Dropped: 0));
        _store.Written.Should().NotContain(batch => batch.Additions.Count > 0, "what was refused is not added later");
    }

    [Fact]
    public async Task An_addition_is_not_refused_for_the_sake_of_a_save_that_finds_no_room()
    {
        _store.Refuse = batch => batch.Changes.Count > 0 ? new StoreException(StoreFault.Full, "refused") : null;
        Task<bool> save = Save(Queued(1));
        await Eventually.Holds(() => !_writer.Health.IsAvailable, "the save is refused", Reading.Limit);

        await Add(2);

        save.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task An_exception_that_nobody_expects_ends_nothing()
    {
        _store.Refuse = _ => new InvalidOperationException("injected");
        Task<bool> save = Save(Queued(1));
        Func<Task> add = () => Add(2);
        (await add.Should().ThrowAsync<StoreException>()).Which.InnerException.Should().BeOfType<InvalidOperationException>();

        _store.Accept();

        (await save.WaitAsync(Reading.Limit)).Should().BeTrue();
        await Add(3);
    }

    [Fact]
    public async Task One_record_that_a_working_store_refuses_is_given_up_and_all_others_are_written()
    {
        const long Poison = 13;
        _store.Refuse = batch => batch.Changes.Any(change => change.Job.Id == Poison) ? new InvalidOperationException("injected") : null;
        await HoldUp();
        Task<bool>[] saves = [.. Enumerable.Range(1, 30).Select(id => Save(Ended(id)))];
        Task<AdditionOutcome> addition = _writer.RequestAsync(new AddRequest(new Addition(Records.Queued(99))));

        _store.LetGo();

        bool[] written = await Task.WhenAll(saves).WaitAsync(Reading.Limit);
        written.Select((ok, i) => (Ok: ok, Id: i + 1)).Where(save => !save.Ok).Should().Equal((false, (int)Poison));
        (await addition.WaitAsync(Reading.Limit)).IsNew.Should().BeTrue();
        _writer.Health.Should().Be(new HistoryHealth(Fault: null, Detail: null, Unsaved: 0, Dropped: 1));
        _store.Changes.Select(change => change.Job.Id).Should().OnlyHaveUniqueItems().And.HaveCount(29);
    }

    [Fact]
    public async Task One_addition_that_a_working_store_refuses_is_refused_alone()
    {
        _store.Refuse = batch => batch.Additions.Any(addition => addition.Job.Id == 2) ? new StoreException(StoreFault.Failed, "too big") : null;
        await HoldUp();
        Task<AdditionOutcome>[] additions = [.. new long[] { 1, 2, 3 }.Select(id => _writer.RequestAsync(new AddRequest(new Addition(Records.Queued(id)))))];

        _store.LetGo();

        await Task.WhenAll(additions[0], additions[2]).WaitAsync(Reading.Limit);
        Func<Task> refused = () => additions[1].WaitAsync(Reading.Limit);
        (await refused.Should().ThrowAsync<StoreException>()).WithMessage("too big");
        _writer.Health.IsAvailable.Should().BeTrue();
    }

    [Fact]
    public async Task Beyond_the_bound_the_oldest_outputs_are_given_up_and_counted_and_their_jobs_are_not()
    {
        const int MiB = 1024 * 1024;
        _store.RefuseAll(StoreFault.Full);
        Task<bool>[] saves = [.. Enumerable.Range(1, 40).Select(id => Save(Ended(id), Output(MiB)))];
        await Eventually.Holds(() => _writer.Health is { Unsaved: 40, Dropped: 8 }, "8 of 40 outputs are given up", Reading.Limit);

        _store.Accept();

        (await Task.WhenAll(saves).WaitAsync(Reading.Limit)).Should().OnlyContain(written => written);
        _store.Changes.OrderBy(change => change.Job.Id).Select(change => (change.Output?.StdoutBytes ?? 0, change.Job.StdoutKeptBytes))
            .Should().Equal(Enumerable.Range(1, 40).Select(id => id <= 8 ? (0L, 0L) : (MiB, MiB)));
    }

    [Fact]
    public async Task Beyond_the_bound_the_oldest_jobs_that_are_over_are_given_up_and_counted()
    {
        _store.RefuseAll(StoreFault.Full);
        Task<bool> running = Save(Queued(1));
        Task<bool>[] saves = [.. Enumerable.Range(2, 20_099).Select(id => Save(Ended(id)))];

        await Eventually.Holds(() => _writer.Health is { Unsaved: 20_000, Dropped: 100 }, "100 jobs are given up", Reading.Limit);

        running.IsCompleted.Should().BeFalse("it will have a chance at its end");
        saves.Take(100).Should().OnlyContain(save => save.IsCompletedSuccessfully && !save.Result);
        _store.Accept();
        (await Task.WhenAll(saves).WaitAsync(Reading.Limit)).Count(written => written).Should().Be(19_999);
    }

    [Fact]
    public async Task A_flush_completes_when_everything_before_it_is_written()
    {
        await HoldUp();
        _ = Enumerable.Range(1, 5000).Select(id => Save(Ended(id))).ToList();
        Task<bool> flush = _writer.RequestAsync(new FlushRequest());
        flush.IsCompleted.Should().BeFalse();

        _store.LetGo();

        (await flush.WaitAsync(Reading.Limit)).Should().BeTrue();
        _store.Changes.Should().HaveCount(5000);
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_a_store_that_refuses_and_after_that_waits_for_all_again()
    {
        _store.RefuseAll(StoreFault.Full);
        _ = Enumerable.Range(1, 100).Select(id => Save(Ended(id))).ToList();
        (await _writer.RequestAsync(new FlushRequest()).WaitAsync(Reading.Limit)).Should().BeFalse();

        _store.Accept();

        (await _writer.RequestAsync(new FlushRequest()).WaitAsync(Reading.Limit)).Should().BeTrue();
        _store.Changes.Should().HaveCount(100);
    }

    [Fact]
    public void Closing_writes_what_is_left_and_notes_the_ids_as_they_are()
    {
        long[] ids = [_writer.NextId(), _writer.NextId()];
        _store.Hold();
        List<Task<bool>> saves = [.. Enumerable.Range(1, 3000).Select(id => Save(Ended(id)))];
        _store.LetGo();

        _writer.Dispose();

        saves.Should().OnlyContain(save => save.IsCompletedSuccessfully && save.Result);
        _store.Changes.Should().HaveCount(3000);
        ids.Should().Equal(1, 2);
        _store.ReservedIds.Should().Be(2);
    }

    [Fact]
    public async Task Closing_on_a_store_that_refuses_comes_to_an_end_and_says_what_was_not_written()
    {
        _store.RefuseAll(StoreFault.Full);
        List<Task<bool>> saves = [Save(Queued(1)), .. Enumerable.Range(2, 10).Select(id => Save(Ended(id)))];

        _writer.Dispose();

        saves.Should().OnlyContain(save => save.IsCompletedSuccessfully && !save.Result);
        _writer.Health.Dropped.Should().Be(11);
        Func<Task> late = () => Save(Queued(50));
        (await late.Should().ThrowAsync<StoreException>()).WithMessage("the history is closed*");
    }

    [Fact]
    public async Task Nothing_reaches_a_store_that_was_closed_for_damage()
    {
        await Add(1);
        int calls = _store.Calls;
        _writer.CloseForDamage("page 5");
        _ = Save(Queued(2));
        Func<Task>[] requests = [() => Add(3), () => _writer.RequestAsync(new DeleteRequest([1])), () => _writer.RequestAsync(new FlushRequest())];

        foreach (Func<Task> request in requests)
        {
            (await request.Should().ThrowAsync<StoreException>()).WithMessage("the history is damaged: page 5").Which.Fault.Should().Be(StoreFault.Damaged);
        }

        _writer.Dispose();
        _store.Calls.Should().Be(calls);
    }

    [Fact]
    public async Task Ids_ascend_and_those_of_written_jobs_are_reserved()
    {
        for (int i = 1; i <= 3000; i++)
        {
            long id = _writer.NextId();
            id.Should().Be(i);
            if (i % 250 == 0)
            {
                await Add(id);
                _store.ReservedIds.Should().BeGreaterThanOrEqualTo(id + 500);
            }
        }
    }

    [Fact]
    public async Task A_reservation_is_durable_also_when_nothing_else_in_its_batch_is()
    {
        long id = 0;
        while (id < 600)
        {
            id = _writer.NextId();
        }

        (await Save(Queued(id)).WaitAsync(Reading.Limit)).Should().BeTrue();

        _store.Written.Where(batch => batch.ReservedIds is not null).Should().HaveCount(2).And.OnlyContain(batch => batch.Durable);
    }

    [Fact]
    public async Task Removed_jobs_lose_their_files_and_a_file_that_cannot_be_removed_ends_nothing()
    {
        var files = new OutputFiles(_folder["output"]);
        await File.WriteAllTextAsync(files.Place(1, OutputStream.Stdout), "x");
        Directory.CreateDirectory(files.Place(2, OutputStream.Stdout));

        (await _writer.RequestAsync(new DeleteRequest([1, 2])).WaitAsync(Reading.Limit)).Should().Equal(1, 2);

        files.Jobs().Should().BeEmpty();
        await Add(3);
    }

    /// <summary>Makes the thread wait in the store, so that what comes next comes together.</summary>
    private async Task HoldUp()
    {
        await _writer.RequestAsync(new FlushRequest()).WaitAsync(Reading.Limit);
        int calls = _store.Calls;
        _store.Hold();
        _ = _writer.RequestAsync(new AddRequest(new Addition(Records.Queued(1_000_000))));
        await Eventually.Holds(() => _store.Calls > calls, "the thread is in the store", Reading.Limit);
    }

    private async Task Add(long id) => await _writer.RequestAsync(new AddRequest(new Addition(Records.Queued(id)))).WaitAsync(Reading.Limit);

    private Task<bool> Save(Job job, KeptOutput? output = null, bool durable = false) => _writer.RequestAsync(new SaveRequest(job, output, durable));

    private static KeptOutput Output(long bytes) => new([1], Stdout: null, Stderr: null, bytes, 0);

    private Job Queued(long id) => new(id, Specs.Shell("true"), _nothing, TimeProvider.System);

    private Job Ended(long id)
    {
        Job job = Queued(id);
        job.TryStart();
        End(job);
        return job;
    }

    private static void End(Job job) => job.End(new JobResult { Reason = JobReason.Exit });
}
