using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>One job followed from a position to its end.</summary>
public sealed class JobFollowerSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task From_the_position_of_each_news_exactly_the_later_ones_come()
    {
        Job job = _engine.Shell("for i in 1 2 3; do echo $i; sleep 0.02; echo e$i >&2; sleep 0.02; done");
        await job.Result();
        List<JobNews> all = await Follow(job.Id, default);
        all[^1].Should().BeOfType<JobEnded>();

        for (int had = 1; had < all.Count; had++)
        {
            List<JobNews> rest = await Follow(job.Id, all[had - 1].Position);
            rest.Select(Describe).Should().Equal(all.Skip(had).Select(Describe));
        }
    }

    [Fact]
    public async Task A_job_is_held_up_by_a_follower_that_does_not_ask_for_the_next()
    {
        // What a running job keeps at least is less than what it writes.
        const int Written = 8 * (int)OutputLog.LeastWhileRunning;
        using var folder = new TempFolder();
        Job job = _engine.Shell(
            $"echo ready; until [ -e {folder["gate"]} ]; do sleep 0.01; done; head -c {Written} /dev/zero", spec => spec with { KeepOutput = 0 });
        using JobFollower follower = (await JobFollower.OpenAsync(_engine.Service, job.Id))!;
        await using IAsyncEnumerator<JobNews> news = follower.FollowAsync(default, CancellationToken.None).GetAsyncEnumerator();
        long had = 0;
        while (await news.MoveNextAsync())
        {
            if (news.Current is JobWrote wrote)
            {
                // Whoever has had something is attached: from here on the job has to wait.
                await File.WriteAllTextAsync(folder["gate"], "open");
                wrote.Chunk.Skipped.Should().Be(0);
                had += wrote.Chunk.Bytes.Length;
                if (had < Written / 2)
                {
                    job.Ended.IsCompleted.Should().BeFalse("it waits for its follower");
                }
            }
        }

        had.Should().Be(Written + "ready\n".Length);
    }

    [Fact]
    public async Task A_follower_that_goes_lets_the_job_go_on()
    {
        Job job = _engine.Shell($"head -c {8 * OutputLog.LeastWhileRunning} /dev/zero", spec => spec with { KeepOutput = 0 });
        using (JobFollower follower = (await JobFollower.OpenAsync(_engine.Service, job.Id))!)
        {
            await foreach (JobNews news in follower.FollowAsync(default, CancellationToken.None))
            {
                if (news is JobWrote)
                {
                    break;
                }
            }
        }

        (await job.Result()).Reason.Should().Be(JobReason.Exit);
    }

    [Fact]
    public async Task Cancelling_ends_a_following_that_waits()
    {
        Job job = _engine.Shell("exec sleep 1000");
        using JobFollower follower = (await JobFollower.OpenAsync(_engine.Service, job.Id))!;
        using var cancellation = new CancellationTokenSource();
        Task following = Task.Run(async () =>
        {
            await foreach (JobNews _ in follower.FollowAsync(default, cancellation.Token))
            {
            }
        });
        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => following.WaitAsync(Reading.Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_position_behind_the_output_of_a_job_is_one_that_nobody_can_have_had()
    {
        Job job = _engine.Shell("echo ready");
        await job.Result();
        using JobFollower follower = (await JobFollower.OpenAsync(_engine.Service, job.Id))!;
        follower.MayHaveHad(new OutputPosition(6, 0)).Should().BeTrue();
        follower.MayHaveHad(new OutputPosition(7, 0)).Should().BeFalse();
        follower.MayHaveHad(new OutputPosition(6, 1)).Should().BeFalse();
    }

    [Fact]
    public async Task There_is_no_follower_of_a_job_that_there_is_not() =>
        (await JobFollower.OpenAsync(_engine.Service, 4711)).Should().BeNull();

    private async Task<List<JobNews>> Follow(long id, JobPosition from)
    {
        using JobFollower follower = (await JobFollower.OpenAsync(_engine.Service, id))!;
        return await follower.FollowAsync(from, CancellationToken.None).ToListAsync();
    }

    private static (Type Type, JobPosition Position) Describe(JobNews news) => (news.GetType(), news.Position);
}
