using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Kuid.Jobd.Core.Keeping;

namespace Kuid.Jobd.Core.Tests.Keeping;

/// <summary>A record log as a keeper would write it, byte by byte as <c>daemon-c/keep.h</c> says.</summary>
internal sealed class RecordLogFile
{
    private readonly MemoryStream _bytes = new();

    /// <summary>All of it.</summary>
    internal byte[] Bytes => _bytes.ToArray();

    /// <summary>Where each record ends.</summary>
    internal List<long> Ends { get; } = [];

    internal RecordLogFile Add(KeeperRecordType type, ReadOnlySpan<byte> payload, long time = 1_000_000)
    {
        byte[] record = new byte[24 + payload.Length];
        "KREC"u8.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), (int)type);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), time);
        payload.CopyTo(record.AsSpan(24));
        uint sum = uint.MaxValue;
        foreach (byte b in record.AsSpan(8))
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), ~sum);
        _bytes.Write(record);
        Ends.Add(_bytes.Length);
        return this;
    }

    internal RecordLogFile Started(int keeper, long keeperStart, int job, long jobStart, string boot)
    {
        byte[] payload = new byte[KeeperStart.Size];
        BinaryPrimitives.WriteInt32LittleEndian(payload, 1);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), keeper);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), job);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(16), keeperStart);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(24), jobStart);
        Encoding.ASCII.GetBytes(boot).CopyTo(payload, 32);
        return Add(KeeperRecordType.Started, payload);
    }

    /// <summary>A log with both streams and an end.</summary>
    internal static RecordLogFile Whole()
    {
        byte[] exited = new byte[KeeperExit.Size];
        BinaryPrimitives.WriteInt32LittleEndian(exited, 3 << 8);
        byte[] end = new byte[KeeperEnd.Size];
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(8), 1_500_000);
        return new RecordLogFile()
            .Started(keeper: 1, keeperStart: 2, job: int.MaxValue, jobStart: 4, "b00t")
            .Add(KeeperRecordType.Stdout, "one\n"u8)
            .Add(KeeperRecordType.Stderr, "two\n"u8)
            .Add(KeeperRecordType.Stdout, new byte[300])
            .Add(KeeperRecordType.Exited, exited)
            .Add(KeeperRecordType.Stdout, "late"u8)
            .Add(KeeperRecordType.End, end, time: 2_000_000);
    }
}
