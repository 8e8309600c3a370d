namespace Kuid.Sysreq.Remote;

/// <summary>What stat(2) tells of a file.</summary>
/// <param name="Device">The device it is on, as makedev(3) writes it.</param>
/// <param name="Inode">Its inode number.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Mode">Type and permissions (inode(7)): <c>0100644</c> octal is a regular file.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="SpecialDevice">For a device file the device that it is, else 0.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BlockSize">Bytes that the file system likes to move at once.</param>
/// <param name="Blocks">How much it takes, in blocks of 512 bytes.</param>
/// <param name="Accessed">When it was last read.</param>
/// <param name="Modified">When its content last changed.</param>
/// <param name="Changed">When its status last changed.</param>
/// <param name="Born">When it was made, where the file system knows.</param>
public sealed record FileStatus(
    ulong Device,
    ulong Inode,
    ulong Links,
    uint Mode,
    uint UserId,
    uint GroupId,
    ulong SpecialDevice,
    long Size,
    long BlockSize,
    long Blocks,
    UnixTime Accessed,
    UnixTime Modified,
    UnixTime Changed,
    UnixTime? Born)
{
    /// <summary>S_IFMT: the part of the mode that is the type.</summary>
    public const uint TypeMask = 0xF000;

    /// <summary>The type, from the mode.</summary>
    public FileKind Kind => FileKinds.OfMode(Mode);
}
