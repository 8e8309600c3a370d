using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>
/// Reads a keeper's log, record by record, while it grows. It owns the file.
/// </summary>
/// <remarks>
/// <code>
/// log    = record*
/// record = "KREC" sum:u32 length:u32 type:u32 time:i64 byte{length}
/// </code>
/// Little-endian; <c>sum</c> is the CRC-32C of what follows it, <c>time</c> is microseconds since 1970. What is shorter than its record
/// says is being written, or was torn when the keeper was killed; what is whole and wrong is damage.
/// </remarks>
internal sealed class KeeperLogReader(SafeFileHandle file) : IDisposable
{
    /// <summary>The longest payload (<c>KEPT_PAYLOAD</c>).</summary>
    internal const int LongestPayload = 64 * 1024;

    private const int HeaderSize = 24;
    private const int SumOffset = 4;
    private const int SummedFrom = 8;
    private const uint Magic = 0x4345524b;

    private readonly byte[] _record = new byte[HeaderSize + LongestPayload];

    /// <summary>The file, for its lock and its size.</summary>
    internal SafeFileHandle File => file;

    /// <summary>Up to where whole records have been read.</summary>
    internal long Position { get; private set; }

    /// <summary>Whether the last record of the log says that no more will come; looked at without reading what is before it.</summary>
    internal bool HasEnd()
    {
        const int Size = HeaderSize + KeeperEnd.Size;
        long place = RandomAccess.GetLength(file) - Size;
        return place >= 0 && Read(place, Size) == Size && IsHeader(out int length, out int type) && length == KeeperEnd.Size
            && type == (int)KeeperRecordType.End && SumOf(length) == Sum;
    }

    /// <summary>Reads the next record.</summary>
    /// <returns>False where there is none yet, or not all of it.</returns>
    /// <exception cref="InvalidDataException">It is damaged; the message says where.</exception>
    internal bool TryRead(out KeeperRecord record)
    {
        record = default;
        int have = Read(Position, _record.Length);
        if (have < HeaderSize)
        {
            return have > SumOffset && BinaryPrimitives.ReadUInt32LittleEndian(_record) != Magic ? throw Damaged() : false;
        }

        if (!IsHeader(out int length, out int type))
        {
            throw Damaged();
        }

        if (have < HeaderSize + length)
        {
            return false;
        }

        if (SumOf(length) != Sum || !Enum.IsDefined((KeeperRecordType)type))
        {
            throw Damaged();
        }

        record = new KeeperRecord(
            (KeeperRecordType)type,
            DateTime.UnixEpoch.AddMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(_record.AsSpan(16))),
            _record.AsMemory(HeaderSize, length));
        Position += HeaderSize + length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private uint Sum => BinaryPrimitives.ReadUInt32LittleEndian(_record.AsSpan(SumOffset));

    private bool IsHeader(out int length, out int type)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(_record.AsSpan(8));
        type = BinaryPrimitives.ReadInt32LittleEndian(_record.AsSpan(12));
        return BinaryPrimitives.ReadUInt32LittleEndian(_record) == Magic && length is >= 0 and <= LongestPayload;
    }

    private uint SumOf(int length)
    {
        ReadOnlySpan<byte> rest = _record.AsSpan(SummedFrom, HeaderSize - SummedFrom + length);
        uint sum = uint.MaxValue;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        foreach (byte b in rest)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }

    private int Read(long place, int count)
    {
        int have = 0;
        int n;
        while (have < count && (n = RandomAccess.Read(file, _record.AsSpan(have, count - have), place + have)) > 0)
        {
            have += n;
        }

        return have;
    }

    private InvalidDataException Damaged() => new(FormattableString.Invariant($"its record log is damaged at byte {Position}"));
}
