namespace Kuid.Sysreq.Remote;

public static partial class ReplyDecoder
{
    /// <summary>Bytes of struct statx (linux/stat.h), the same on every machine.</summary>
    public const int StatXLength = 256;

    /// <summary>Bytes of struct stat: 144 on x86-64, 128 on aarch64.</summary>
    public const int LongestStatLength = 144;

    /// <summary>Bytes of struct statfs on a machine of 64 bits.</summary>
    public const int StatFsLength = 120;

    // linux_dirent64: inode, offset, record length, type, then the name and its NUL.
    private const int DirentNameOffset = 19;
    private const int LongestPath = 4096;
    private const uint StatXBirth = 0x800;

    /// <summary>Reads what one getdents64 gave.</summary>
    public static IReadOnlyList<DirectoryEntry> DecodeDirectoryEntries(ReadOnlyMemory<byte> bytes)
    {
        var entries = new List<DirectoryEntry>();
        while (!bytes.IsEmpty)
        {
            var record = bytes.Span;
            Need(record, DirentNameOffset + 1, "a directory entry");
            var length = UInt16(record, 16);
            if (length <= DirentNameOffset || length > record.Length)
                throw new AbsurdReplyException($"a directory entry of {length} bytes in {record.Length}");

            var nameLength = record[DirentNameOffset..length].IndexOf((byte)0);
            var name = bytes.Slice(DirentNameOffset, Math.Max(nameLength, 0));
            if (name.IsEmpty || name.Span.Contains((byte)'/'))
                throw new AbsurdReplyException("a name in a directory is empty, does not end or holds a slash");

            entries.Add(new DirectoryEntry(name, UInt64(record, 0), (FileKind)record[18]));
            bytes = bytes[length..];
        }

        return entries;
    }

    /// <summary>Reads struct statx.</summary>
    public static FileStatus DecodeStatX(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, StatXLength, "struct statx");
        return new FileStatus(
            Device: MakeDevice(UInt32(bytes, 136), UInt32(bytes, 140)),
            Inode: UInt64(bytes, 32),
            Links: UInt32(bytes, 16),
            Mode: UInt16(bytes, 28),
            UserId: UInt32(bytes, 20),
            GroupId: UInt32(bytes, 24),
            SpecialDevice: MakeDevice(UInt32(bytes, 128), UInt32(bytes, 132)),
            Size: Size(bytes, 40),
            BlockSize: UInt32(bytes, 4),
            Blocks: Size(bytes, 48),
            Accessed: new UnixTime(Int64(bytes, 64), Nanoseconds(UInt32(bytes, 72))),
            Modified: new UnixTime(Int64(bytes, 112), Nanoseconds(UInt32(bytes, 120))),
            Changed: new UnixTime(Int64(bytes, 96), Nanoseconds(UInt32(bytes, 104))),
            Born: (UInt32(bytes, 0) & StatXBirth) == 0 ? null : new UnixTime(Int64(bytes, 80), Nanoseconds(UInt32(bytes, 88))));
    }

    /// <summary>Reads struct stat, which has another order on each machine.</summary>
    public static FileStatus DecodeStat(Architecture architecture, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var x86 = architecture == Architecture.X8664;
        Need(bytes, x86 ? LongestStatLength : 128, "struct stat");
        return new FileStatus(
            Device: UInt64(bytes, 0),
            Inode: UInt64(bytes, 8),
            Links: x86 ? UInt64(bytes, 16) : UInt32(bytes, 20),
            Mode: UInt32(bytes, x86 ? 24 : 16),
            UserId: UInt32(bytes, x86 ? 28 : 24),
            GroupId: UInt32(bytes, x86 ? 32 : 28),
            SpecialDevice: UInt64(bytes, x86 ? 40 : 32),
            Size: Size(bytes, 48),
            BlockSize: x86 ? Int64(bytes, 56) : Int32(bytes, 56),
            Blocks: Size(bytes, 64),
            Accessed: Time(bytes, 72),
            Modified: Time(bytes, 88),
            Changed: Time(bytes, 104),
            Born: null);
    }

    /// <summary>Reads struct statfs.</summary>
    public static FileSystemStatus DecodeStatFs(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, StatFsLength, "struct statfs");
        return new FileSystemStatus(
            Type: Int64(bytes, 0),
            BlockSize: Size(bytes, 8),
            Blocks: UInt64(bytes, 16),
            FreeBlocks: UInt64(bytes, 24),
            AvailableBlocks: UInt64(bytes, 32),
            Files: UInt64(bytes, 40),
            FreeFiles: UInt64(bytes, 48),
            FileSystemId: UInt64(bytes, 56),
            NameLength: Int64(bytes, 64),
            FragmentSize: Size(bytes, 72),
            Flags: Int64(bytes, 80));
    }

    /// <summary>Reads a path that a call stored with its NUL (getcwd).</summary>
    public static ByteString DecodePath(ReadOnlyMemory<byte> bytes)
    {
        var length = bytes.Span.IndexOf((byte)0);
        return length is > 0 and <= LongestPath
            ? new ByteString(bytes[..length])
            : throw new AbsurdReplyException("a path is empty, too long or does not end");
    }

    /// <summary>Reads struct timespec.</summary>
    public static UnixTime DecodeTime(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, 16, "struct timespec");
        return Time(bytes, 0);
    }

    private static UnixTime Time(ReadOnlySpan<byte> bytes, int offset)
    {
        var nanoseconds = UInt64(bytes, offset + 8);
        return new UnixTime(Int64(bytes, offset), Nanoseconds(nanoseconds > uint.MaxValue ? uint.MaxValue : (uint)nanoseconds));
    }

    private static uint Nanoseconds(uint value) => value < 1_000_000_000
        ? value
        : throw new AbsurdReplyException($"{value} nanoseconds in a time");

    private static long Size(ReadOnlySpan<byte> bytes, int offset) => Int64(bytes, offset) is >= 0 and var size
        ? size
        : throw new AbsurdReplyException("a size is negative");

    // As makedev(3), which is what struct stat carries for the device numbers that exist.
    private static ulong MakeDevice(uint major, uint minor) =>
        ((major & 0xFFFFF000UL) << 32) | ((major & 0xFFFUL) << 8) | ((minor & 0xFFFFFF00UL) << 12) | (minor & 0xFFUL);
}
