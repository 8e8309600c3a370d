using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Bytes that a server sent, to values. Nothing here believes a length or a count without looking at how many bytes there are: whatever
/// the bytes, the outcome is a value or an <see cref="AbsurdReplyException"/>.
/// </summary>
public static partial class ReplyDecoder
{
    private const int IdentNameLength = 11;

    private static ReadOnlySpan<byte> IdentName => "kuid-sysreq"u8;

    /// <summary>Reads the banner.</summary>
    public static ServerIdent DecodeIdent(ReadOnlySpan<byte> banner)
    {
        Need(banner, ServerIdent.Length, "a banner");
        if (!banner.StartsWith(IdentName))
        {
            // The original's client knows its TLS variant by these bytes; what follows them is no wire of ours.
            return BinaryPrimitives.ReadUInt32BigEndian(banner) == 0xC140023F
                ? throw new AbsurdReplyException("this is the TLS variant of the original server, which is not spoken here; use tls: or ssh")
                : new ServerIdent(IsOriginal: true, 0, Architecture.X8664.Machine, ServerFlags.None);
        }

        int version = banner[IdentNameLength];
        int machine = BinaryPrimitives.ReadUInt16LittleEndian(banner[(IdentNameLength + 1)..]);
        if (version != 1)
            throw new AbsurdReplyException($"the server speaks version {version} of the wire; this client speaks 1");

        if (Architecture.OfMachine(machine) is null)
            throw new AbsurdReplyException($"the server's machine is {machine} (e_machine); known are 62 (x86-64) and 183 (aarch64)");

        return new ServerIdent(IsOriginal: false, version, machine, (ServerFlags)BinaryPrimitives.ReadUInt16LittleEndian(banner[14..]));
    }

    private static void Need(ReadOnlySpan<byte> bytes, int length, string what)
    {
        if (bytes.Length < length)
            throw new AbsurdReplyException($"{what} has {length} bytes, {bytes.Length} came");
    }

    private static int Int32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);

    private static ulong UInt64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
