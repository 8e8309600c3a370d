namespace Kuid.Sysreq.Remote;

/// <summary>
/// Memory in the server: where paths are stored before a call and structures after it. It is mapped in growing pieces and stays mapped
/// as long as the connection. A lease may be disposed as soon as nobody will send another request that uses it, even while earlier
/// ones are unanswered: the next owner's requests are executed after them.
/// </summary>
public sealed class ScratchArena
{
    private const int Page = 4096;
    private const long SmallestGrowth = 64 * 1024;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;

    private readonly SysreqClient client;
    private readonly long maximum;
    private readonly ArenaAllocator allocator = new();
    private readonly SemaphoreSlim growing = new(1, 1);

    internal ScratchArena(SysreqClient client, long maximum)
    {
        this.client = client;
        this.maximum = maximum;
    }

    /// <summary>Bytes mapped.</summary>
    public long Capacity
    {
        get
        {
            lock (allocator)
                return allocator.Capacity;
        }
    }

    /// <summary>Rents memory; without a round trip where there is enough.</summary>
    /// <exception cref="SysreqException">The server has no more memory.</exception>
    /// <exception cref="InvalidOperationException">The connection's own limit is reached.</exception>
    public async ValueTask<ScratchLease> RentAsync(int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (TryRent(length) is { } lease)
            return lease;

        await growing.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (TryRent(length) is { } found)
                    return found;

                await GrowAsync(length, cancellationToken);
            }
        }
        finally
        {
            growing.Release();
        }
    }

    internal void Return(long address, int length)
    {
        lock (allocator)
            allocator.Return(address, length);
    }

    private ScratchLease? TryRent(int length)
    {
        lock (allocator)
            return allocator.TryTake(length, out var address) ? new ScratchLease(this, client.Architecture.Calls, address, length) : null;
    }

    private async Task GrowAsync(int length, CancellationToken cancellationToken)
    {
        // Twice what there is, so that the number of mappings stays small; exactly what is wanted where that is more.
        var size = Math.Max(Math.Max(SmallestGrowth, Capacity), ArenaAllocator.RoundUp(length));
        size = (size + Page - 1) / Page * Page;
        if (Capacity + size > maximum)
            size = (ArenaAllocator.RoundUp(length) + Page - 1) / Page * Page;

        if (Capacity + size > maximum)
            throw new InvalidOperationException($"the scratch memory of the connection would exceed {maximum} bytes");

        var call = client.Architecture.Calls.MMap;
        var address = await client.CallAsync(call.Number, 0, size, ProtReadWrite, MapPrivateAnonymous, -1, 0, cancellationToken);
        if (Errno.Of(address) is { } error)
            throw new SysreqException(call.Name, $"{size} bytes", error);

        try
        {
            lock (allocator)
                allocator.AddRegion(address, size);
        }
        catch (AbsurdReplyException absurd)
        {
            client.Abort(absurd);
            throw;
        }
    }
}

/// <summary>A piece of the server's memory, given back when disposed.</summary>
public sealed class ScratchLease : IDisposable
{
    private readonly ScratchArena arena;
    private int returned;

    internal ScratchLease(ScratchArena arena, SystemCalls calls, long address, int length)
    {
        this.arena = arena;
        Calls = calls;
        Address = address;
        Length = length;
    }

    /// <summary>Where it is in the server.</summary>
    public long Address { get; }

    /// <summary>How many bytes it has.</summary>
    public int Length { get; }

    internal SystemCalls Calls { get; }

    /// <summary>The address of a part of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not within it.</exception>
    public long AddressOf(int offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{count} bytes at {offset} are not within a lease of {Length}");

        return Address + offset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref returned, 1) == 0)
            arena.Return(Address, Length);
    }
}
