using System.Runtime.CompilerServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>What statx(2) says of a file that matters here: which inode it is, whose, and of what type.</summary>
/// <param name="Device">The device, major and minor number.</param>
/// <param name="Inode">The inode number on it.</param>
/// <param name="OwnerId">The owner's user id.</param>
/// <param name="Mode">Type and permission bits.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode, uint OwnerId, ushort Mode)
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int RegularType = 0x8000;

    /// <summary>Whether it is a Unix socket.</summary>
    public bool IsSocket => (Mode & TypeMask) == SocketType;

    /// <summary>Whether it is a file with content.</summary>
    public bool IsRegular => (Mode & TypeMask) == RegularType;

    /// <summary>Whether two looks saw the same inode.</summary>
    public bool SameFile(FileIdentity? other) => other is { } o && o.Device == Device && o.Inode == Inode;

    // Offsets of struct statx: stx_uid 20, stx_mode 28, stx_ino 32, stx_dev_major 136, stx_dev_minor 140.
    internal static unsafe FileIdentity FromStatx(byte* statx) => new(
        ((ulong)Unsafe.ReadUnaligned<uint>(statx + 136) << 32) | Unsafe.ReadUnaligned<uint>(statx + 140),
        Unsafe.ReadUnaligned<ulong>(statx + 32),
        Unsafe.ReadUnaligned<uint>(statx + 20),
        Unsafe.ReadUnaligned<ushort>(statx + 28));
}
