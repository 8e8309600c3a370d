using Kuid.Jobd.Core.Descriptors;

namespace Kuid.Jobd.Core.Tests.Descriptors;

public sealed class SignalSpecs
{
    [Fact]
    public async Task A_raise_before_the_wait_lets_one_wait_pass()
    {
        var signal = new Signal();
        signal.Raise();
        signal.Raise();

        Wait(signal).IsCompletedSuccessfully.Should().BeTrue();
        Task second = Wait(signal);
        second.IsCompleted.Should().BeFalse();
        signal.Raise();
        await second.WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task Two_threads_that_answer_each_others_signals_never_lose_one()
    {
        const int Rounds = 100_000;
        var ping = new Signal();
        var pong = new Signal();

        async Task Answer(Signal hears, Signal says)
        {
            for (int i = 0; i < Rounds; i++)
            {
                await hears.WaitAsync(CancellationToken.None);
                says.Raise();
            }
        }

        Task both = Task.WhenAll(Task.Run(() => Answer(ping, pong)), Task.Run(() => Answer(pong, ping)));
        ping.Raise();
        await both.WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_throws_and_the_next_one_works()
    {
        var signal = new Signal();
        using var cancellation = new CancellationTokenSource();
        Task waiting = Wait(signal, cancellation.Token);

        await cancellation.CancelAsync();

        Func<Task> wait = () => waiting.WaitAsync(Reading.Limit);
        await wait.Should().ThrowAsync<OperationCanceledException>();
        Task next = Wait(signal);
        next.IsCompleted.Should().BeFalse("the cancellation is no raise");
        signal.Raise();
        await next.WaitAsync(Reading.Limit);
    }

    [Fact]
    public async Task A_raise_that_races_with_a_cancellation_is_seen_by_this_wait_or_the_next()
    {
        var signal = new Signal();
        int passed = 0;
        int cancelled = 0;
        for (int i = 0; i < 5_000; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Task waiting = Wait(signal, cancellation.Token);
            Task raising = Task.Run(signal.Raise);
            await cancellation.CancelAsync();
            try
            {
                await waiting.WaitAsync(Reading.Limit);
                passed++;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                await Wait(signal).WaitAsync(Reading.Limit);
            }

            await raising;
        }

        (passed + cancelled).Should().Be(5_000);
        Task left = Wait(signal);
        left.IsCompleted.Should().BeFalse("each raise was seen once");
        signal.Close();
        await left;
    }

    [Fact]
    public void A_wait_with_a_cancelled_token_passes_only_when_there_was_a_raise()
    {
        var signal = new Signal();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Wait(signal, cancellation.Token).IsCanceled.Should().BeTrue();
        signal.Raise();
        Wait(signal, cancellation.Token).IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void Two_waits_at_once_are_refused()
    {
        var signal = new Signal();
        Task first = Wait(signal);

        Action second = () => _ = Wait(signal);

        second.Should().Throw<InvalidOperationException>();
        first.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_closed_signal_lets_every_wait_pass()
    {
        var signal = new Signal();
        Task waiting = Wait(signal);

        signal.Close();

        await waiting.WaitAsync(Reading.Limit);
        for (int i = 0; i < 3; i++)
        {
            Wait(signal).IsCompletedSuccessfully.Should().BeTrue();
        }
    }

    private static Task Wait(Signal signal, CancellationToken cancellation = default) => signal.WaitAsync(cancellation).AsTask();
}
