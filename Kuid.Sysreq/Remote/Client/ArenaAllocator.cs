namespace Kuid.Sysreq.Remote;

/// <summary>
/// Which bytes of the mapped regions are in use: first fit over free spans in order of address, neighbours joined when they are given
/// back. It knows numbers only, no connection, and never hands out a byte twice.
/// </summary>
internal sealed class ArenaAllocator
{
    /// <summary>Every lease begins at a multiple of this, so that any structure may lie at its start.</summary>
    public const int Alignment = 16;

    private readonly List<(long Start, long Length)> _free = [];
    private readonly List<(long Start, long Length)> _regions = [];

    /// <summary>Bytes of all regions.</summary>
    public long Capacity { get; private set; }

    /// <summary>Bytes that are not rented.</summary>
    public long Free => _free.Sum(span => span.Length);

    /// <summary>How many free spans there are; one a region when nothing is rented and no regions touch.</summary>
    public int FreeSpans => _free.Count;

    /// <summary>What a lease of so many bytes takes.</summary>
    public static long RoundUp(long length) => Math.Max(Alignment, (length + Alignment - 1) / Alignment * Alignment);

    /// <summary>Adds memory.</summary>
    /// <exception cref="AbsurdReplyException">It cannot be memory, or it is memory that is here already.</exception>
    public void AddRegion(long start, long length)
    {
        var overlaps = _regions.Exists(region => start < region.Start + region.Length && region.Start < start + length);
        if (start <= 0 || start > long.MaxValue - length || start % Alignment != 0 || overlaps)
            throw new AbsurdReplyException($"new memory of {length} bytes was said to be at {start:x}");

        _regions.Add((start, length));
        Capacity += length;
        Insert(start, length);
    }

    /// <summary>Takes memory, or tells that there is not so much in one piece.</summary>
    public bool TryTake(long length, out long address)
    {
        var size = RoundUp(length);
        var index = _free.FindIndex(span => span.Length >= size);
        address = index < 0 ? 0 : _free[index].Start;
        if (index < 0)
            return false;

        if (_free[index].Length == size)
            _free.RemoveAt(index);
        else
            _free[index] = (address + size, _free[index].Length - size);

        return true;
    }

    /// <summary>Takes back what <see cref="TryTake"/> gave for the same length.</summary>
    public void Return(long address, long length) => Insert(address, RoundUp(length));

    private void Insert(long start, long length)
    {
        var index = _free.FindIndex(span => span.Start > start);
        if (index < 0)
            index = _free.Count;

        _free.Insert(index, (start, length));
        JoinWithNext(index);
        if (index > 0)
            JoinWithNext(index - 1);
    }

    private void JoinWithNext(int index)
    {
        if (index + 1 >= _free.Count || _free[index].Start + _free[index].Length != _free[index + 1].Start)
            return;

        _free[index] = (_free[index].Start, _free[index].Length + _free[index + 1].Length);
        _free.RemoveAt(index + 1);
    }
}
