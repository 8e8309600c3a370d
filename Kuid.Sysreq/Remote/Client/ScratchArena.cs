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

    private readonly SysreqClient _client;
    private readonly long _maximum;
    private readonly ArenaAllocator _allocator = new();
    private readonly SemaphoreSlim _growing = new(1, 1);

    internal ScratchArena(SysreqClient client, long maximum)
    {
        this._client = client;
        this._maximum = maximum;
    }

    /// <summary>Bytes mapped.</summary>
    public long Capacity
    {
        get
        {
            lock (_allocator)
                return _allocator.Capacity;
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

        await _growing.WaitAsync(cancellationToken);
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
            _growing.Release();
        }
    }

    internal void Return(long address, int length)
    {
        lock (_allocator)
            _allocator.Return(address, length);
    }

    private ScratchLease? TryRent(int length)
    {
        lock (_allocator)
            return _allocator.TryTake(length, out var address) ? new ScratchLease(this, _client.Architecture.Calls, address, length) : null;
    }

    private async Task GrowAsync(int length, CancellationToken cancellationToken)
    {
        // Twice what there is, so that the number of mappings stays small; exactly what is wanted where that is more.
        var size = Math.Max(Math.Max(SmallestGrowth, Capacity), ArenaAllocator.RoundUp(length));
        size = (size + Page - 1) / Page * Page;
        if (Capacity + size > _maximum)
            size = (ArenaAllocator.RoundUp(length) + Page - 1) / Page * Page;

        if (Capacity + size > _maximum)
            throw new InvalidOperationException($"the scratch memory of the connection would exceed {_maximum} bytes");

        var call = _client.Architecture.Calls.MMap;
        var address = await _client.CallAsync(call.Number, 0, size, ProtReadWrite, MapPrivateAnonymous, -1, 0, cancellationToken);
        if (Errno.Of(address) is { } error)
            throw new SysreqException(call.Name, $"{size} bytes", error);

        try
        {
            lock (_allocator)
                _allocator.AddRegion(address, size);
        }
        catch (AbsurdReplyException absurd)
        {
            _client.Abort(absurd);
            throw;
        }
    }
}

/// <summary>A piece of the server's memory, given back when disposed.</summary>
public sealed class ScratchLease : IDisposable
{
    private readonly ScratchArena _arena;
    private int _returned;

    internal ScratchLease(ScratchArena arena, SystemCalls calls, long address, int length)
    {
        this._arena = arena;
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
        if (Interlocked.Exchange(ref _returned, 1) == 0)
            _arena.Return(Address, Length);
    }
}
