using System.Collections.Concurrent;
using Kuid.Jobd.Core.Threads;

namespace Kuid.Jobd.Core.Tests.Threads;

public sealed class InboxSpecs
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly Inbox<int> _inbox = new();

    [Fact]
    public async Task Several_threads_take_everything_once()
    {
        const int Items = 20_000;
        var taken = new ConcurrentBag<int>();
        Task[] takers = [.. Enumerable.Range(0, 4).Select(_ => OnThread(() =>
        {
            while (_inbox.Wait())
            {
                while (_inbox.TryTake(out int item))
                {
                    taken.Add(item);
                }
            }
        }))];
        Parallel.For(0, Items, i => _inbox.TryPut(i).Should().BeTrue());
        _inbox.Close().Should().BeTrue();

        await Task.WhenAll(takers).WaitAsync(Long);
        taken.Order().Should().Equal(Enumerable.Range(0, Items));
    }

    [Fact]
    public async Task Two_items_wake_two_threads_though_neither_has_come_back()
    {
        using var both = new Barrier(2);
        Task[] takers = [.. Enumerable.Range(0, 2).Select(_ => OnThread(() =>
        {
            _inbox.Wait();
            _inbox.TryTake(out int _).Should().BeTrue();
            both.SignalAndWait(Long).Should().BeTrue();
        }))];
        _inbox.TryPut(1);
        _inbox.TryPut(2);

        await Task.WhenAll(takers).WaitAsync(Long);
    }

    [Fact]
    public async Task What_is_urgent_ends_the_collecting_and_what_is_not_is_there_afterwards()
    {
        Task<int> collecting = OnThread(() =>
        {
            _inbox.Wait();
            _inbox.Collect(Long);
            return Taken();
        });
        _inbox.TryPut(1, urgent: false);
        _inbox.TryPut(2, urgent: false);

        // Whether it collects by now or is about to: what is urgent is so only for one that does.
        for (int puts = 2; !collecting.IsCompleted; puts++)
        {
            _inbox.TryPut(puts, urgent: true);
            await Task.Yield();
        }

        (await collecting).Should().BeGreaterThan(2);
    }

    [Fact]
    public void Collecting_ends_with_its_time_and_a_wait_too()
    {
        _inbox.Wait(TimeSpan.FromMilliseconds(1)).Should().BeTrue("more may come");
        _inbox.Collect(TimeSpan.FromMilliseconds(1));

        Taken().Should().Be(0);
    }

    [Fact]
    public async Task A_closed_one_gives_out_what_it_has_and_then_ends_every_wait()
    {
        Task<bool> waiting = OnThread(() => _inbox.Wait());
        _inbox.Close();
        (await waiting.WaitAsync(Long)).Should().BeFalse();

        var other = new Inbox<int>();
        other.TryPut(1);
        other.Close().Should().BeTrue();
        other.Close().Should().BeFalse();
        other.TryPut(2).Should().BeFalse();
        other.Wait().Should().BeTrue("there is something left");
        other.TryTake(out int left).Should().BeTrue();
        left.Should().Be(1);
        other.Wait().Should().BeFalse();
        other.Collect(Long);
    }

    [Fact]
    public void A_bounded_one_says_when_it_is_full()
    {
        var bounded = new Inbox<int>(most: 2);

        new[] { bounded.TryPut(1), bounded.TryPut(2), bounded.TryPut(3) }.Should().Equal(true, true, false);
    }

    private int Taken()
    {
        int taken = 0;
        while (_inbox.TryTake(out int _))
        {
            taken++;
        }

        return taken;
    }

    private static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
