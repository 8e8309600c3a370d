namespace Kuid.Sysreq.Remote;

public static partial class ReplyDecoder
{
    /// <summary>Bytes of struct utsname: six names of 65.</summary>
    public const int UNameLength = 6 * UNameField;

    /// <summary>Bytes of struct sysinfo on a machine of 64 bits.</summary>
    public const int SysInfoLength = 112;

    private const int UNameField = 65;

    /// <summary>Reads struct utsname.</summary>
    public static SystemName DecodeUName(ReadOnlyMemory<byte> bytes)
    {
        Need(bytes.Span, UNameLength, "struct utsname");
        return new SystemName(Field(bytes, 0), Field(bytes, 1), Field(bytes, 2), Field(bytes, 3), Field(bytes, 4), Field(bytes, 5));

        static ByteString Field(ReadOnlyMemory<byte> bytes, int index)
        {
            var field = bytes.Slice(index * UNameField, UNameField);
            var length = field.Span.IndexOf((byte)0);
            return length < 0 ? throw new AbsurdReplyException("a name of uname's does not end") : new ByteString(field[..length]);
        }
    }

    /// <summary>Reads struct sysinfo; loads are in 1/65536, memory in units that it names itself.</summary>
    public static SystemInfo DecodeSysInfo(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, SysInfoLength, "struct sysinfo");
        var unit = UInt32(bytes, 104);
        if (unit == 0)
            throw new AbsurdReplyException("memory in units of no bytes");

        return new SystemInfo(
            Uptime: Int64(bytes, 0),
            Load1: UInt64(bytes, 8) / 65536.0,
            Load5: UInt64(bytes, 16) / 65536.0,
            Load15: UInt64(bytes, 24) / 65536.0,
            TotalMemory: Units(bytes, 32, unit),
            FreeMemory: Units(bytes, 40, unit),
            SharedMemory: Units(bytes, 48, unit),
            BufferMemory: Units(bytes, 56, unit),
            TotalSwap: Units(bytes, 64, unit),
            FreeSwap: Units(bytes, 72, unit),
            Processes: UInt16(bytes, 80));
    }

    /// <summary>Reads struct rlimit64.</summary>
    public static ResourceLimit DecodeLimit(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, 16, "struct rlimit64");
        return new ResourceLimit(UInt64(bytes, 0), UInt64(bytes, 8));
    }

    /// <summary>Reads numbers of users or groups.</summary>
    public static IReadOnlyList<uint> DecodeIds(ReadOnlySpan<byte> bytes)
    {
        var ids = new uint[bytes.Length / sizeof(uint)];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = UInt32(bytes, i * sizeof(uint));

        return ids;
    }

    private static ulong Units(ReadOnlySpan<byte> bytes, int offset, uint unit)
    {
        var product = (UInt128)UInt64(bytes, offset) * unit;
        return product <= ulong.MaxValue ? (ulong)product : throw new AbsurdReplyException("more memory than there are addresses");
    }
}
