using System.Collections.Concurrent;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>When jobs are summarized.</summary>
public sealed class JobSummariesSpecs
{
    private readonly ConcurrentQueue<Func<bool>> _answers = new();
    private int _asked;

    [Fact]
    public async Task At_the_start_until_not_enough_are_left()
    {
        Answer(() => true, () => true, () => false);

        _ = Begin();

        await Eventually.Holds(() => _asked == 3, "two summaries, and one that there are too few jobs for");
    }

    [Fact]
    public async Task Again_when_as_many_ids_have_been_given_out_as_a_summary_has()
    {
        JobSummaries summaries = Begin();
        await Eventually.Holds(() => _asked == 1, "the look at the start");

        summaries.Given(1000);
        await GivenUntilAsked(summaries, 1024, 2);
        summaries.Given(2000);
        await GivenUntilAsked(summaries, 2048, 3);
    }

    [Fact]
    public async Task Again_after_the_store_has_refused()
    {
        Answer(() => throw new StoreException(StoreFault.Full, "no space is left for the history"));
        JobSummaries summaries = Begin();
        await Eventually.Holds(() => _asked == 1, "the look at the start");

        await GivenUntilAsked(summaries, 5000, 2);
    }

    // The round before has perhaps answered and not ended.
    private async Task GivenUntilAsked(JobSummaries summaries, long id, int times)
    {
        await Eventually.Holds(() =>
        {
            summaries.Given(id);
            return _asked >= times;
        }, "another summary");
        _asked.Should().Be(times);
    }

    private void Answer(params Func<bool>[] answers) => Array.ForEach(answers, _answers.Enqueue);

    private JobSummaries Begin() => new(_ =>
    {
        Interlocked.Increment(ref _asked);
        try
        {
            return Task.FromResult(_answers.TryDequeue(out Func<bool>? answer) && answer());
        }
        catch (StoreException e)
        {
            return Task.FromException<bool>(e);
        }
    });
}
