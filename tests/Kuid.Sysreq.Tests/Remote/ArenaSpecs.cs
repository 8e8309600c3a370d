using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>The scratch memory's book-keeping: whatever is taken and returned in whatever order, no byte has two owners.</summary>
public sealed class ArenaSpecs
{
    [Fact]
    public void Leases_never_overlap_never_leave_their_region_and_all_memory_comes_back()
    {
        var steps = Gen.OneOf(Gen.Choose(0, 999), Gen.Choose(1000, 1100), Gen.Choose(1000, 70_000)).ListOf();
        Prop.ForAll(steps.ToArbitrary(), Holds).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Memory_that_overlaps_what_is_there_is_refused()
    {
        var allocator = new ArenaAllocator();
        allocator.AddRegion(0x10000, 0x1000);

        allocator.Invoking(one => one.AddRegion(0x10FF0, 0x1000)).Should().Throw<AbsurdReplyException>();
        allocator.Invoking(one => one.AddRegion(0x0F010, 0x1000)).Should().Throw<AbsurdReplyException>();
        allocator.AddRegion(0x11000, 0x1000);
        allocator.FreeSpans.Should().Be(1, "neighbours are joined");
    }

    [Fact]
    public async Task A_part_that_is_not_within_a_lease_has_no_address()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        using var lease = await client.Scratch.RentAsync(100);

        lease.AddressOf(0, 100).Should().Be(lease.Address);
        lease.AddressOf(100, 0).Should().Be(lease.Address + 100);
        foreach (var (offset, count) in new[] { (0, 101), (-1, 1), (1, 100), (int.MaxValue, int.MaxValue), (50, -1) })
            lease.Invoking(one => one.AddressOf(offset, count)).Should().Throw<ArgumentOutOfRangeException>();

        var batch = new Batch();
        batch.Invoking(one => one.Upload(lease, new byte[101])).Should().Throw<ArgumentOutOfRangeException>();
        batch.Invoking(one => one.Download(lease, 51, 50)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task The_arena_grows_to_what_is_rented_and_no_further_than_its_limit()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix, new SysreqClientOptions { MaxScratchBytes = 1 << 20 });

        using var large = await client.Scratch.RentAsync(1_000_000);
        var more = async () => await client.Scratch.RentAsync(100_000);

        await more.Should().ThrowAsync<InvalidOperationException>();
        client.Scratch.Capacity.Should().BeInRange(1_000_000, 1 << 20);
        large.Dispose();
        large.Dispose();
        (await client.Scratch.RentAsync(100_000)).Address.Should().Be(large.Address, "what was returned once is rented again once");
        (await client.Scratch.RentAsync(100_000)).Address.Should().NotBe(large.Address);
    }

    /// <summary>A step below 1000 returns a lease, any other takes one of that many bytes, which adds a region when there is no room.</summary>
    private static bool Holds(IList<int> steps)
    {
        const long RegionLength = 0x20000;
        var allocator = new ArenaAllocator();
        var leases = new List<(long Address, long Length)>();
        var regions = 0;
        foreach (var step in steps)
        {
            if (step < 1000 && leases.Count > 0)
            {
                var lease = leases[step % leases.Count];
                leases.Remove(lease);
                allocator.Return(lease.Address, lease.Length);
                continue;
            }

            long address;
            while (!allocator.TryTake(step, out address))
                allocator.AddRegion(++regions * 2 * RegionLength, RegionLength);

            var offset = address % (2 * RegionLength);
            var overlaps = leases.Exists(other => address < other.Address + other.Length && other.Address < address + Math.Max(step, 1));
            if (overlaps || address % ArenaAllocator.Alignment != 0 || offset + step > RegionLength || address / (2 * RegionLength) > regions)
                return false;

            leases.Add((address, Math.Max(step, 1)));
        }

        foreach (var (address, length) in leases)
            allocator.Return(address, length);

        return allocator.Free == allocator.Capacity && allocator.FreeSpans == regions;
    }
}
