using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>
/// Jobs with dependencies, priorities, keys, times and attempts through the engine, beside a model that knows how each has to
/// end; and on the way what may never be is watched.
/// </summary>
public sealed class WaitingModelSpecs
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public void Every_job_ends_as_the_model_says() => Prop.ForAll(
        Arb.From(PlannedJob.ListOf(40), PlannedJob.Shrink),
        jobs => RunAsync(jobs).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public Task Ten_thousand_jobs_end_as_the_model_says() => RunAsync(PlannedJob.Make(10_000, new Random(5), timed: true));

    /// <summary>A thousand, or as many as the variable KUID_TEST_JOBS says: ten thousand take minutes on a small machine.</summary>
    [Fact]
    public async Task Real_processes_end_as_the_model_says()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("KUID_TEST_JOBS"), CultureInfo.InvariantCulture, out int asked) ? asked : 1000;
        PlannedJob[] jobs = [.. PlannedJob.Make(count, new Random(9), timed: false).Select(job => job with
        {
            // A process does not know which attempt it is.
            Failures = job.Failures == 0 ? 0 : job.MaxAttempts,
        })];
        await using var engine = new Engine();
        var run = new PlanRun(engine, jobs, Limit);

        await run.SubmitAsync(job => Specs.Of(Specs.Program(job.Failures == 0 ? "true" : "false")));
        await run.ResumeAsync();
        await run.EndAsync(() => { });

        await run.CompareAsync(countsOutput: false);
    }

    private static async Task RunAsync(PlannedJob[] jobs)
    {
        var clock = new ManualClock();
        var executor = new ScriptedExecutor(clock)
        {
            Concurrency = queue => PlannedJob.Queues[queue],
            Succeeds = job => job.Attempt > jobs[int.Parse(job.Spec.Name!, CultureInfo.InvariantCulture)].Failures,
        };
        await using var engine = new Engine(clock, executor: executor);
        executor.IsOver = id => engine.Service.Find(id) is not { } job || job.Ended.IsCompleted;
        var run = new PlanRun(engine, jobs, Limit);

        await run.SubmitAsync(_ => Specs.Shell("scripted"));
        await run.CancelAsync();
        clock.Advance(2 * PlannedJob.Soon);
        await run.ResumeAsync();
        await run.EndAsync(() => clock.Advance(TimeSpan.FromMinutes(1)));

        await run.CompareAsync(countsOutput: true);
        executor.Faults.Should().BeEmpty();
        StartsByPriority(jobs, executor);
        engine.Service.Waits.Should().Be((0, 0), "nobody is waited for and nothing is to come");
    }

    // All of these were in their queue, which runs one at a time, when it was resumed.
    private static void StartsByPriority(PlannedJob[] jobs, ScriptedExecutor executor)
    {
        Job[] plain = [.. executor.Starts
            .Where(job => jobs[int.Parse(job.Spec.Name!, CultureInfo.InvariantCulture)] is { Queue: "one", IsPlain: true })
            .DistinctBy(job => job.Id)];
        plain.Should().Equal(plain.OrderByDescending(job => job.Spec.Priority).ThenBy(job => job.Id));
    }
}
