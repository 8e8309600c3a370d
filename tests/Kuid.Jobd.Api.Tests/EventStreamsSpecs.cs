using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Kuid.Jobd.Api.Streams;

namespace Kuid.Jobd.Api.Tests;

/// <summary>What keeps a stream of events alive while nothing happens.</summary>
public sealed class EventStreamsSpecs
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Channel<SseItem<object>> _source = Channel.CreateUnbounded<SseItem<object>>();
    private readonly StillClock _clock = new();
    private readonly EventStreams _streams;

    public EventStreamsSpecs() => _streams = new EventStreams(most: 1, _clock, CancellationToken.None);

    [Fact]
    public async Task A_ping_comes_when_nothing_else_did_for_a_while_and_again()
    {
        await using IAsyncEnumerator<SseItem<object>> events = Events();
        for (int i = 0; i < 3; i++)
        {
            Task<bool> next = events.MoveNextAsync().AsTask();
            next.IsCompleted.Should().BeFalse();
            _clock.Pass(EventStreams.PingPause);
            (await next.WaitAsync(Limit)).Should().BeTrue();
            (events.Current.EventType, events.Current.EventId).Should().Be(("ping", "7"));
        }
    }

    [Fact]
    public async Task What_happens_is_passed_on_and_its_end_is_the_end()
    {
        await using IAsyncEnumerator<SseItem<object>> events = Events();
        await _source.Writer.WriteAsync(new SseItem<object>("a", "state"));
        (await events.MoveNextAsync().AsTask().WaitAsync(Limit)).Should().BeTrue();
        events.Current.Data.Should().Be("a");
        Task<bool> next = events.MoveNextAsync().AsTask();
        _source.Writer.Complete();
        (await next.WaitAsync(Limit)).Should().BeFalse();
    }

    [Fact]
    public async Task A_fault_of_the_source_is_not_kept_quiet()
    {
        await using IAsyncEnumerator<SseItem<object>> events = Events();
        _source.Writer.Complete(new IOException("on purpose"));
        Func<Task> read = () => events.MoveNextAsync().AsTask().WaitAsync(Limit);
        await read.Should().ThrowAsync<IOException>();
    }

    private IAsyncEnumerator<SseItem<object>> Events() =>
        _streams.WithPings(_source.Reader.ReadAllAsync(), () => "7", CancellationToken.None).GetAsyncEnumerator();

    /// <summary>A clock whose timers fire when they are told that time has passed.</summary>
    private sealed class StillClock : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State, TimeSpan Due)> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((callback, state, dueTime));
            return new NoTimer();
        }

        internal void Pass(TimeSpan time)
        {
            foreach ((TimerCallback callback, object? state, TimeSpan due) in _timers.ToList())
            {
                if (due <= time)
                {
                    callback(state);
                }
            }

            _timers.Clear();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
