using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Pipelines;

namespace Kuid.Jobd.Core.Tests.Pipelines;

/// <summary>What becomes of a job whose hosts ended so.</summary>
public sealed class HostOutcomeSpecs
{
    private static readonly HostOutcome Dead = new(JobReason.Unreachable, Detail: "dead: no answer");

    [Theory]
    [InlineData(new[] { 0 }, 0)]
    [InlineData(new[] { 3 }, 3)]
    [InlineData(new[] { 0, 2, 1 }, 2)]
    public void The_exit_code_is_the_worst_status(int[] statuses, int code)
    {
        JobResult result = HostOutcome.ResultOf([.. statuses.Select(status => new HostOutcome(JobReason.Exit, status))]);

        (result.Reason, result.Status!.Value.ExitCode, result.Succeeded).Should().Be((JobReason.Exit, code, code == 0));
    }

    [Fact]
    public void A_dead_host_among_others_counts_255_and_is_named()
    {
        JobResult result = HostOutcome.ResultOf([new HostOutcome(JobReason.Exit, 0), Dead]);

        (result.Reason, result.Status!.Value.ExitCode, result.Detail).Should().Be((JobReason.Exit, 255, "dead: no answer"));
    }

    [Fact]
    public void When_no_host_came_to_its_end_that_is_why_the_job_ended()
    {
        JobResult result = HostOutcome.ResultOf([Dead, Dead with { Reason = JobReason.Evaluation }]);

        (result.Reason, result.Status, result.Detail).Should().Be((JobReason.Unreachable, null, "dead: no answer"));
    }
}
