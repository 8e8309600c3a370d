using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The error numbers this daemon acts on, spelled as errno(3) spells them; equal on x86-64 and aarch64 Linux.</summary>
public static class Errno
{
    /// <summary>No such file or directory.</summary>
    public const int ENOENT = 2;

    /// <summary>No such process.</summary>
    public const int ESRCH = 3;

    /// <summary>Interrupted by a signal: the call is made again.</summary>
    public const int EINTR = 4;

    /// <summary>Argument list too long.</summary>
    public const int E2BIG = 7;

    /// <summary>A file that is to be executed and is of no format that the kernel knows: a script without <c>#!</c>.</summary>
    public const int ENOEXEC = 8;

    /// <summary>Would block: wait for the reactor.</summary>
    public const int EAGAIN = 11;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>File exists.</summary>
    public const int EEXIST = 17;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;

    /// <summary>Too many open files in the system.</summary>
    public const int ENFILE = 23;

    /// <summary>Too many open files in this process.</summary>
    public const int EMFILE = 24;

    /// <summary>No space is left on the device.</summary>
    public const int ENOSPC = 28;

    /// <summary>A file system that can only be read.</summary>
    public const int EROFS = 30;

    /// <summary>The reader of a pipe or socket is gone.</summary>
    public const int EPIPE = 32;

    /// <summary>Too many symbolic links, or O_NOFOLLOW met one.</summary>
    public const int ELOOP = 40;

    /// <summary>Operation not supported, here by the file system.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>The user's share of the disk is used up.</summary>
    public const int EDQUOT = 122;

    /// <summary>Address already in use.</summary>
    public const int EADDRINUSE = 98;

    /// <summary>A connection was aborted before it was accepted.</summary>
    public const int ECONNABORTED = 103;

    /// <summary>Connection reset by peer.</summary>
    public const int ECONNRESET = 104;

    /// <summary>Connection refused: nobody listens.</summary>
    public const int ECONNREFUSED = 111;

    /// <summary>The number as a person greps for it, with the C library's words: <c>EACCES (Permission denied)</c>.</summary>
    public static string Describe(int errno) => $"{Name(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})";

    /// <summary>The symbolic name, or <c>errno N</c> for one that is not in the list.</summary>
    public static string Name(int errno) => errno switch
    {
        1 => "EPERM",
        ENOENT => nameof(ENOENT),
        ESRCH => nameof(ESRCH),
        EINTR => nameof(EINTR),
        5 => "EIO",
        E2BIG => nameof(E2BIG),
        ENOEXEC => nameof(ENOEXEC),
        9 => "EBADF",
        10 => "ECHILD",
        EAGAIN => nameof(EAGAIN),
        12 => "ENOMEM",
        EACCES => nameof(EACCES),
        14 => "EFAULT",
        16 => "EBUSY",
        EEXIST => nameof(EEXIST),
        20 => "ENOTDIR",
        21 => "EISDIR",
        EINVAL => nameof(EINVAL),
        ENFILE => nameof(ENFILE),
        EMFILE => nameof(EMFILE),
        26 => "ETXTBSY",
        27 => "EFBIG",
        28 => "ENOSPC",
        30 => "EROFS",
        EPIPE => nameof(EPIPE),
        36 => "ENAMETOOLONG",
        38 => "ENOSYS",
        ELOOP => nameof(ELOOP),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EADDRINUSE => nameof(EADDRINUSE),
        99 => "EADDRNOTAVAIL",
        ECONNABORTED => nameof(ECONNABORTED),
        ECONNRESET => nameof(ECONNRESET),
        110 => "ETIMEDOUT",
        ECONNREFUSED => nameof(ECONNREFUSED),
        122 => "EDQUOT",
        _ => $"errno {errno}",
    };
}
