using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class DeleteSpecs
{
    [Fact]
    public async Task A_job_that_is_not_over_stays()
    {
        await using var engine = new Engine(concurrency: 1);
        Job running = engine.Shell("echo ready; exec sleep 1000", spec => spec with { Queue = "one" });
        await running.Says("ready");
        Job queued = engine.Shell("true", spec => spec with { Queue = "one" });

        (await engine.Service.DeleteAsync(running.Id)).Should().Be(DeleteOutcome.NotEnded);
        (await engine.Service.DeleteAsync(queued.Id)).Should().Be(DeleteOutcome.NotEnded);
        (await engine.Service.DeleteAsync(queued.Id + 1)).Should().Be(DeleteOutcome.NoSuchJob);

        (await engine.Service.GetAsync(running.Id))!.State.Should().Be(JobState.Running);
    }

    [Fact]
    public async Task A_job_that_is_deleted_the_moment_it_is_over_is_gone_for_good()
    {
        await using var engine = new Engine();
        for (int i = 0; i < 100; i++)
        {
            using Job job = engine.Shell("echo some output");
            await job.Result();

            (await engine.Service.DeleteAsync(job.Id).WaitAsync(Reading.Limit)).Should().Be(DeleteOutcome.Deleted);

            (await engine.Service.GetAsync(job.Id)).Should().BeNull();
            await engine.History.FlushAsync();
            (await engine.History.FindAsync(job.Id)).Should().BeNull("nothing brings it back");
            (await engine.Service.DeleteAsync(job.Id)).Should().Be(DeleteOutcome.NoSuchJob);
        }

        (await engine.Service.ListAsync(new JobQuery())).Jobs.Should().BeEmpty();
    }

    [Fact]
    public async Task A_job_whose_end_is_on_its_way_to_the_history_is_deleted_after_it()
    {
        await using var engine = new Engine();
        using var log = new HeldLog();
        var service = new JobService(
            new Scheduler(engine.Runner, concurrency: 1), engine.History, engine.Spool, TimeProvider.System, engine.Ending, log);
        using Job job = service.Submit(Specs.Shell("echo some output"));
        await job.Result();

        Task<DeleteOutcome> deleting = service.DeleteAsync(job.Id);
        for (int i = 0; i < 10; i++)
        {
            await engine.History.FlushAsync().WaitAsync(Reading.Limit);
        }

        deleting.IsCompleted.Should().BeFalse("what it removes now would come back");
        log.LetGo();

        (await deleting.WaitAsync(Reading.Limit)).Should().Be(DeleteOutcome.Deleted);
        await engine.History.FlushAsync().WaitAsync(Reading.Limit);
        (await engine.History.FindAsync(job.Id)).Should().BeNull();
    }

    [Fact]
    public async Task Who_reads_the_output_of_a_job_that_is_deleted_reads_on()
    {
        await using var engine = new Engine();
        Job job = engine.Shell("head -c 300000 /dev/zero");
        await job.Result();
        await Eventually.Holds(() => engine.Service.Find(job.Id) is null, "it is recorded", Reading.Limit);
        using OutputReading reading = (await engine.Service.ReadOutputAsync(job.Id))!;

        (await engine.Service.DeleteAsync(job.Id)).Should().Be(DeleteOutcome.Deleted);

        reading.Log!.AllKept(OutputStream.Stdout).Should().HaveCount(300_000);
        (await engine.Service.ReadOutputAsync(job.Id)).Should().BeNull();
    }

    /// <summary>Holds up the service at the line that says a job is over, which comes before its record.</summary>
    private sealed class HeldLog : ILogger<JobService>, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        internal void LetGo() => _open.Set();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _open.Wait(Reading.Limit).Should().BeTrue();

        public void Dispose() => _open.Dispose();
    }
}
