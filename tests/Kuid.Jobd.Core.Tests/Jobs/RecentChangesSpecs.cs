using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>What is remembered of the changes of all jobs, and how readers learn what is not.</summary>
public sealed class RecentChangesSpecs
{
    private const int Most = 8;

    private readonly JobChanges _changes = new(NullLogger.Instance);
    private readonly JobRecord _job = Specs.Shell("true").ToRecord(0, DateTime.UtcNow);

    [Fact]
    public async Task Changes_are_read_by_number_in_their_order()
    {
        RecentChanges recent = await With(1, 2, 3);
        Read(recent, 0).Should().Equal(1, 2, 3);
        Read(recent, 2).Should().Equal(3);
        Read(recent, 3).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_kept_before_the_first_reader()
    {
        var recent = new RecentChanges(_changes, Most);
        _changes.Publish(_job with { Id = 1 });
        recent.Last.Should().Be(0);
        _changes.Publish(_job with { Id = 2 });
        await recent.AddedAfter(0).WaitAsync(Reading.Limit);
        Read(recent, 0).Should().Equal(2);
    }

    [Fact]
    public async Task The_oldest_make_room_and_who_has_not_had_them_finds_a_gap()
    {
        RecentChanges recent = await With([.. Enumerable.Range(1, Most + 3).Select(id => (long)id)]);
        recent.After(2, out bool isGap).Should().BeNull();
        isGap.Should().BeTrue();
        Read(recent, 3).Should().Equal(Enumerable.Range(4, Most).Select(id => (long)id));
    }

    [Fact]
    public async Task They_make_room_for_bytes_too_and_the_newest_is_kept_in_any_case()
    {
        var recent = new RecentChanges(_changes, Most, mostBytes: 100);
        recent.Last.Should().Be(0);
        for (int id = 1; id <= 4; id++)
        {
            _changes.Publish(_job with { Id = id, Argv = [new byte[id == 4 ? 1000 : 45]] });
            await recent.AddedAfter(id - 1).WaitAsync(Reading.Limit);
        }

        recent.After(2, out bool isGap).Should().BeNull();
        isGap.Should().BeTrue();
        Read(recent, 3).Should().Equal(4);
    }

    [Fact]
    public async Task A_reader_can_wait_for_the_next()
    {
        RecentChanges recent = await With(1);
        Task added = recent.AddedAfter(1);
        added.IsCompleted.Should().BeFalse();
        _changes.Publish(_job with { Id = 2 });
        await added.WaitAsync(Reading.Limit);
        Read(recent, 1).Should().Equal(2);
    }

    private async Task<RecentChanges> With(params long[] ids)
    {
        var recent = new RecentChanges(_changes, Most);
        recent.Last.Should().Be(0);
        foreach (long id in ids)
        {
            _changes.Publish(_job with { Id = id });
        }

        await Eventually.Holds(() => recent.Last == ids.Length, "all are there", Reading.Limit);
        return recent;
    }

    private static List<long> Read(RecentChanges recent, long number)
    {
        List<long> ids = [];
        while (recent.After(number, out bool isGap) is var (next, job))
        {
            isGap.Should().BeFalse();
            (number, ids) = (next, [.. ids, job.Id]);
        }

        return ids;
    }
}
