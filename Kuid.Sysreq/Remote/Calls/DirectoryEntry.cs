namespace Kuid.Sysreq.Remote;

/// <summary>One name of a directory, as getdents64(2) gives it, <c>.</c> and <c>..</c> among them.</summary>
/// <param name="Name">The name, without any slash, never empty.</param>
/// <param name="Inode">Its inode number.</param>
/// <param name="Kind">Its type, as far as the directory says.</param>
public readonly record struct DirectoryEntry(ByteString Name, ulong Inode, FileKind Kind);
