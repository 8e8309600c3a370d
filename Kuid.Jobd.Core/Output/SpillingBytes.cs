using System.Buffers;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// Bytes at positions, written without holes: in a pooled array that doubles until the stream's share or the common memory
/// is used up, from then on in an unnamed file. It owns both. Not thread-safe: the log's lock guards it.
/// </summary>
/// <remarks>
/// The file is written with plain calls, which end in the page cache. Whoever moves little, on the thread that all wait on, asks before
/// whether there will be any (<see cref="StaysInMemory"/>), so a slow disk holds up those who write much and not the others.
/// </remarks>
internal sealed class SpillingBytes(SpoolSpace space) : IDisposable
{
    private const int FirstBlock = 4096;

    private byte[]? _memory;
    private long _length;
    private SpoolFile? _file;

    /// <summary>The file, once the bytes have moved there: position n of the bytes is offset n of the file.</summary>
    internal SafeFileHandle? File => _file?.Handle;

    /// <summary>Up to where bytes were written.</summary>
    internal long Length => _length;

    /// <summary>Bytes that are at hand, for reading.</summary>
    internal static SpillingBytes Of(SpoolSpace space, ReadOnlySpan<byte> bytes)
    {
        var spilling = new SpillingBytes(space);
        spilling.Write(0, bytes);
        return spilling;
    }

    /// <summary>A file that was kept, for reading; it becomes this object's.</summary>
    internal static SpillingBytes Of(SpoolSpace space, SafeFileHandle file) =>
        new(space) { _file = new SpoolFile(file), _length = RandomAccess.GetLength(file) };

    /// <summary>Whether writing up to a position needs no file, unless the memory is taken by another meanwhile.</summary>
    internal bool StaysInMemory(long end) =>
        File is null && end <= space.MemoryPerStream && ((_memory?.Length ?? 0) is var capacity && (end <= capacity || space.HasMemory(Block(end) - capacity)));

    /// <summary>Keeps the file under a path.</summary>
    /// <returns>Whether the bytes are in a file at all.</returns>
    internal bool KeepFileAs(Func<string> path)
    {
        _file?.KeepAs(path());
        return _file is not null;
    }

    internal void Write(long position, ReadOnlySpan<byte> bytes)
    {
        long end = position + bytes.Length;
        if (File is null && !FitsInMemory(end))
        {
            Spill();
        }

        if (File is not null)
        {
            RandomAccess.Write(File, bytes, position);
        }
        else
        {
            bytes.CopyTo(_memory.AsSpan((int)position));
        }

        _length = Math.Max(_length, end);
    }

    /// <summary>A copy of all bytes.</summary>
    internal byte[] ToArray()
    {
        byte[] all = new byte[_length];
        _ = Read(0, all);
        return all;
    }

    /// <summary>Reads up to the end of what was written.</summary>
    internal int Read(long position, Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Clamp(_length - position, 0, buffer.Length)];
        if (File is not null)
        {
            return RandomAccess.Read(File, buffer, position);
        }

        _memory.AsSpan((int)position, buffer.Length).CopyTo(buffer);
        return buffer.Length;
    }

    public void Dispose()
    {
        ReleaseMemory();
        _file?.Dispose();
        _file = null;
    }

    private bool FitsInMemory(long end)
    {
        if (end > space.MemoryPerStream)
        {
            return false;
        }

        int capacity = _memory?.Length ?? 0;
        if (end <= capacity)
        {
            return true;
        }

        int wanted = Block(end);
        if (!space.TryTakeMemory(wanted - capacity))
        {
            return false;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(wanted);
        space.ReturnMemory(wanted - larger.Length);
        _memory.AsSpan(0, (int)_length).CopyTo(larger);
        ReturnArray();
        _memory = larger;
        return true;
    }

    private static int Block(long end) => Math.Max(FirstBlock, (int)BitOperations.RoundUpToPowerOf2((uint)end));

    private void Spill()
    {
        SpoolFile file = space.OpenFile();
        try
        {
            RandomAccess.Write(file.Handle, _memory.AsSpan(0, (int)_length), 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file = file;
        ReleaseMemory();
    }

    private void ReleaseMemory()
    {
        space.ReturnMemory(_memory?.Length ?? 0);
        ReturnArray();
        _memory = null;
    }

    private void ReturnArray()
    {
        if (_memory is not null)
        {
            ArrayPool<byte>.Shared.Return(_memory);
        }
    }
}
