using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Kuid.Sysreq.Remote;

namespace Kuid.Micro;

/// <summary>What it takes to make values of the bytes that a kuid-sysreqd sends.</summary>
[MemoryDiagnoser]
public class ReplyDecoderBenchmarks
{
    private const int Entries = 100;
    private const int Replies = 100;

    private readonly byte[] _directory = Directory();
    private readonly byte[] _status = Status();
    private readonly byte[] _name = Name();
    private readonly MemoryStream _connection = new(new byte[Replies * Request.ReplyLength]);
    private readonly byte[] _reply = new byte[Request.ReplyLength];

    /// <summary>getdents64 of a folder of 100 files.</summary>
    [Benchmark(Description = "a directory of 100 entries")]
    public IReadOnlyList<DirectoryEntry> DirectoryEntries() => ReplyDecoder.DecodeDirectoryEntries(_directory);

    /// <summary>struct statx, which every row of a listing with sizes has.</summary>
    [Benchmark(Description = "a file's status")]
    public FileStatus FileStatus() => ReplyDecoder.DecodeStatX(_status);

    /// <summary>struct utsname.</summary>
    [Benchmark(Description = "a system's name")]
    public SystemName SystemName() => ReplyDecoder.DecodeUName(_name);

    /// <summary>The results of a batch, taken one by one from a connection that has them all.</summary>
    [Benchmark(Description = "100 results from a connection")]
    public async Task<long> Results()
    {
        _connection.Position = 0;
        var reader = new ReplyReader(_connection);
        long sum = 0;
        for (int i = 0; i < Replies; i++)
        {
            await reader.ReadExactlyAsync(_reply);
            sum += BinaryPrimitives.ReadInt64LittleEndian(_reply);
        }

        return sum;
    }

    // linux_dirent64: inode, offset, record length, type, then the name and its NUL, filled up to a multiple of 8.
    private static byte[] Directory()
    {
        using var bytes = new MemoryStream();
        for (int i = 0; i < Entries; i++)
        {
            byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"some-file-{i}.txt"));
            byte[] record = new byte[(19 + name.Length + 1 + 7) / 8 * 8];
            BinaryPrimitives.WriteInt64LittleEndian(record, 1000 + i);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), i + 1);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), (ushort)record.Length);
            record[18] = (byte)FileKind.Regular;
            name.CopyTo(record, 19);
            bytes.Write(record);
        }

        return bytes.ToArray();
    }

    private static byte[] Status()
    {
        byte[] bytes = new byte[ReplyDecoder.StatXLength];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0xfff);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), 123_456);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(112), 1_900_000_000);
        return bytes;
    }

    private static byte[] Name()
    {
        byte[] bytes = new byte[ReplyDecoder.UNameLength];
        int offset = 0;
        foreach (string field in new[] { "Linux", "build-17", "6.1.0-18-amd64", "#1 SMP PREEMPT_DYNAMIC", "x86_64", "(none)" })
        {
            Encoding.ASCII.GetBytes(field, bytes.AsSpan(offset));
            offset += ReplyDecoder.UNameLength / 6;
        }

        return bytes;
    }
}
