namespace Kuid.Sysreq.Remote;

/// <summary>
/// How a file is opened (open(2)). The values are x86-64's; <see cref="Architecture.Translate"/> gives those of another machine,
/// where four of them differ. O_CLOEXEC is always added, so that a remote program gets no descriptor of the session's.
/// </summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    Read = 0,

    /// <summary>O_WRONLY.</summary>
    Write = 1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,

    /// <summary>O_CREAT.</summary>
    Create = 0x40,

    /// <summary>O_EXCL: with <see cref="Create"/>, a file that exists is an error.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY.</summary>
    NoTerminal = 0x100,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK: opening a FIFO does not wait for its other end.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DIRECTORY: what is no directory is an error.</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW: a symbolic link as the last part is an error.</summary>
    NoFollow = 0x20000,

    /// <summary>O_PATH: names the file only.</summary>
    Path = 0x200000,
}
