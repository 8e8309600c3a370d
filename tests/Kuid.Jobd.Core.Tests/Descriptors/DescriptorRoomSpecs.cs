using Kuid.Jobd.Core.Descriptors;

namespace Kuid.Jobd.Core.Tests.Descriptors;

public sealed class DescriptorRoomSpecs
{
    private readonly DescriptorRoom _room = new() { Capacity = 10 };

    [Fact]
    public async Task Who_finds_room_does_not_wait_and_who_finds_none_waits_for_a_place_that_is_given_back()
    {
        DescriptorRoom.Place first = await _room.EnterAsync(6);
        DescriptorRoom.Place second = await _room.EnterAsync(4);
        ValueTask<DescriptorRoom.Place> third = _room.EnterAsync(5);
        third.IsCompleted.Should().BeFalse();

        second.Dispose();
        third.IsCompleted.Should().BeFalse("four are too few for five");
        first.Dispose();
        first.Dispose();

        (await third).Dispose();
        _room.Held.Should().Be((0L, 0));
    }

    [Fact]
    public async Task Places_are_given_in_the_order_in_which_they_were_asked_for()
    {
        DescriptorRoom.Place all = await _room.EnterAsync(10);
        Task<DescriptorRoom.Place> large = _room.EnterAsync(10).AsTask(), small = _room.EnterAsync(1).AsTask();

        all.Dispose();

        DescriptorRoom.Place entered = await large;
        small.IsCompleted.Should().BeFalse("a small one does not overtake, or a large one would never come");
        entered.Dispose();
        (await small).Dispose();
    }

    [Fact]
    public async Task One_that_wants_more_than_there_is_gets_in_alone()
    {
        DescriptorRoom.Place small = await _room.EnterAsync(1);
        Task<DescriptorRoom.Place> large = _room.EnterAsync(1000).AsTask();
        large.IsCompleted.Should().BeFalse();

        small.Dispose();

        (await large).Dispose();
    }

    [Fact]
    public async Task What_is_open_already_takes_its_room_at_once_and_others_wait_for_it()
    {
        DescriptorRoom.Place most = await _room.EnterAsync(8);

        DescriptorRoom.Place open = _room.Take(6);
        Task<DescriptorRoom.Place> small = _room.EnterAsync(1).AsTask();
        most.Dispose();
        (await small).Dispose();

        _room.Held.Should().Be((6L, 0));
        Task<DescriptorRoom.Place> large = _room.EnterAsync(5).AsTask();
        large.IsCompleted.Should().BeFalse();
        open.Dispose();
        (await large).Dispose();
    }

    [Fact]
    public async Task One_that_stops_waiting_is_in_nobodys_way_and_holds_nothing()
    {
        DescriptorRoom.Place most = await _room.EnterAsync(8);
        using var impatient = new CancellationTokenSource();
        Task<DescriptorRoom.Place> large = _room.EnterAsync(5, impatient.Token).AsTask(), small = _room.EnterAsync(2).AsTask();
        small.IsCompleted.Should().BeFalse();

        await impatient.CancelAsync();

        (await small).Dispose();
        await ((Func<Task>)(() => large)).Should().ThrowAsync<OperationCanceledException>();
        most.Dispose();
        _room.Held.Should().Be((0L, 0));
    }

    [Fact]
    public async Task More_capacity_lets_those_in_who_wait()
    {
        DescriptorRoom.Place first = await _room.EnterAsync(10);
        Task<DescriptorRoom.Place> second = _room.EnterAsync(10).AsTask();

        _room.Capacity = 20;

        (await second).Dispose();
        first.Dispose();
    }

    [Fact]
    public async Task Many_at_once_never_hold_more_than_there_is()
    {
        int held = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            int count = 1 + (number % 5);
            using DescriptorRoom.Place place = await _room.EnterAsync(count);
            int now = Interlocked.Add(ref held, count);
            InterlockedMost(ref most, now);
            await Task.Yield();
            Interlocked.Add(ref held, -count);
        }));

        most.Should().BeInRange(5, 10);
        _room.Held.Should().Be((0L, 0));
    }

    private static void InterlockedMost(ref int most, int now)
    {
        int before;
        while ((before = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, before) != before)
        {
        }
    }
}
