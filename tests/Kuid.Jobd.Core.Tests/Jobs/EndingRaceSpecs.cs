using System.Collections.Concurrent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class EndingRaceSpecs
{
    [Fact]
    public async Task Row_56_cancel_finish_and_timeout_at_once_leave_one_terminal_state_that_agrees_with_its_reason()
    {
        const int Rounds = 1000;
        await using var engine = new Engine();
        var seen = new ConcurrentDictionary<(JobState, JobReason), int>();
        await Parallel.ForAsync(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            Job job = engine.Shell("true", spec => spec with { Timeout = TimeSpan.FromMilliseconds(1 + (i % 6)) });
            await Task.WhenAny(job.Ended, Task.Delay(i % 7, CancellationToken.None));
            bool[] won = await Task.WhenAll(
                Task.Run(() => job.RequestEnd(JobReason.Canceled)), Task.Run(() => job.RequestEnd(JobReason.Canceled)));

            JobResult result = await job.Result();

            JobState state = job.State;
            won.Count(w => w).Should().BeLessThanOrEqualTo(1, "a second cancel changes nothing");
            state.Should().Be(result.Reason switch
            {
                JobReason.Canceled => JobState.Canceled,
                JobReason.Exit => JobState.Succeeded,
                _ => JobState.Failed,
            });
            result.Reason.Should().Be(won.Any(w => w) ? JobReason.Canceled : result.Reason, "the cancel was told that its reason is the one");
            job.RequestEnd(JobReason.Canceled).Should().BeFalse();
            job.State.Should().Be(state);
            seen.AddOrUpdate((state, result.Reason), 1, (_, n) => n + 1);
        });

        seen.Values.Sum().Should().Be(Rounds);
        seen.Keys.Should().Contain((JobState.Canceled, JobReason.Canceled));
    }

    [Fact]
    public async Task A_request_that_is_accepted_between_the_exit_and_the_end_is_the_reason_of_the_result()
    {
        using var job = new Job(1, Specs.Shell("true"), new OutputLog(new SpoolSpace("/nowhere"), TimeProvider.System, limit: null), TimeProvider.System);
        job.TryStart().Should().BeTrue();

        // This is what the runner has judged when the request comes.
        var exited = new JobResult { Reason = JobReason.Exit, Status = new WaitStatus(0) };
        job.RequestEnd(JobReason.Canceled).Should().BeTrue();

        job.End(exited);

        (job.State, (await job.Result()).Reason).Should().Be((JobState.Canceled, JobReason.Canceled));
    }
}
