namespace Kuid.Sysreq.Remote;

/// <summary>What kind of file a name stands for; the values are those of d_type (readdir(3)).</summary>
public enum FileKind : byte
{
    /// <summary>DT_UNKNOWN: the file system does not say in its directory; stat does.</summary>
    Unknown = 0,

    /// <summary>DT_FIFO.</summary>
    Fifo = 1,

    /// <summary>DT_CHR.</summary>
    CharacterDevice = 2,

    /// <summary>DT_DIR.</summary>
    Directory = 4,

    /// <summary>DT_BLK.</summary>
    BlockDevice = 6,

    /// <summary>DT_REG.</summary>
    Regular = 8,

    /// <summary>DT_LNK.</summary>
    SymbolicLink = 10,

    /// <summary>DT_SOCK.</summary>
    Socket = 12,

    /// <summary>DT_WHT: a union file system's mark of a removed name.</summary>
    Whiteout = 14,
}

/// <summary>The kind that a mode tells.</summary>
public static class FileKinds
{
    /// <summary>The kind in the upper four bits of a mode: S_IFMT >> 12 is d_type's number (IFTODT of dirent.h).</summary>
    public static FileKind OfMode(uint mode) => (FileKind)((mode & FileStatus.TypeMask) >> 12);
}
