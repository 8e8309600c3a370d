namespace Kuid.Sysreq.Remote;

/// <summary>uname(2): six names, each of at most 64 bytes.</summary>
public sealed record SystemName(
    ByteString System, ByteString Node, ByteString Release, ByteString Version, ByteString Machine, ByteString Domain);

/// <summary>sysinfo(2).</summary>
/// <param name="Uptime">Seconds since the start.</param>
/// <param name="Load1">Load average of a minute.</param>
/// <param name="Load5">Of five minutes.</param>
/// <param name="Load15">Of fifteen.</param>
/// <param name="TotalMemory">Bytes.</param>
/// <param name="FreeMemory">Bytes that nothing uses at all.</param>
/// <param name="SharedMemory">Bytes.</param>
/// <param name="BufferMemory">Bytes.</param>
/// <param name="TotalSwap">Bytes.</param>
/// <param name="FreeSwap">Bytes.</param>
/// <param name="Processes">How many threads exist.</param>
public sealed record SystemInfo(
    long Uptime,
    double Load1,
    double Load5,
    double Load15,
    ulong TotalMemory,
    ulong FreeMemory,
    ulong SharedMemory,
    ulong BufferMemory,
    ulong TotalSwap,
    ulong FreeSwap,
    int Processes);

/// <summary>statfs(2). Sizes are in blocks of <paramref name="BlockSize"/> bytes.</summary>
/// <param name="Type">The magic number of the file system (statfs(2) lists them).</param>
/// <param name="BlockSize">Bytes a block.</param>
/// <param name="Blocks">All blocks.</param>
/// <param name="FreeBlocks">Free ones.</param>
/// <param name="AvailableBlocks">Free ones that not only root may use.</param>
/// <param name="Files">All inodes.</param>
/// <param name="FreeFiles">Free inodes.</param>
/// <param name="FileSystemId">f_fsid, both halves.</param>
/// <param name="NameLength">The longest name, in bytes.</param>
/// <param name="FragmentSize">f_frsize.</param>
/// <param name="Flags">Mount flags (ST_*).</param>
public sealed record FileSystemStatus(
    long Type,
    long BlockSize,
    ulong Blocks,
    ulong FreeBlocks,
    ulong AvailableBlocks,
    ulong Files,
    ulong FreeFiles,
    ulong FileSystemId,
    long NameLength,
    long FragmentSize,
    long Flags);

/// <summary>Who the server is.</summary>
public sealed record ProcessIds(uint UserId, uint GroupId, uint EffectiveUserId, uint EffectiveGroupId, IReadOnlyList<uint> Groups);

/// <summary>A limit of a process; <see cref="Unlimited"/> is RLIM_INFINITY.</summary>
public readonly record struct ResourceLimit(ulong Soft, ulong Hard)
{
    /// <summary>RLIM_INFINITY.</summary>
    public const ulong Unlimited = ulong.MaxValue;
}

/// <summary>What a limit is about (getrlimit(2)); the numbers are those of x86-64 and aarch64.</summary>
public enum Resource
{
    /// <summary>CPU time, seconds.</summary>
    Cpu = 0,

    /// <summary>Size of a file, bytes.</summary>
    FileSize = 1,

    /// <summary>Data segment, bytes.</summary>
    Data = 2,

    /// <summary>Stack, bytes.</summary>
    Stack = 3,

    /// <summary>Core file, bytes.</summary>
    Core = 4,

    /// <summary>Resident set, bytes; without effect today.</summary>
    ResidentSet = 5,

    /// <summary>Processes of the user.</summary>
    Processes = 6,

    /// <summary>One more than the highest descriptor.</summary>
    OpenFiles = 7,

    /// <summary>Locked memory, bytes.</summary>
    LockedMemory = 8,

    /// <summary>Address space, bytes.</summary>
    AddressSpace = 9,

    /// <summary>File locks; without effect today.</summary>
    Locks = 10,

    /// <summary>Queued signals.</summary>
    PendingSignals = 11,

    /// <summary>Bytes in POSIX message queues.</summary>
    MessageQueue = 12,

    /// <summary>Nice value, 20 minus it.</summary>
    Nice = 13,

    /// <summary>Real-time priority.</summary>
    RealTimePriority = 14,

    /// <summary>Microseconds of real-time CPU without a blocking call.</summary>
    RealTimeTime = 15,
}

/// <summary>A clock of the remote kernel (clock_gettime(2)).</summary>
public enum Clock
{
    /// <summary>CLOCK_REALTIME.</summary>
    Realtime = 0,

    /// <summary>CLOCK_MONOTONIC.</summary>
    Monotonic = 1,

    /// <summary>CLOCK_BOOTTIME: monotonic, sleep of the machine included.</summary>
    Boot = 7,
}

/// <summary>What access(2) is asked.</summary>
[Flags]
public enum AccessMode
{
    /// <summary>F_OK.</summary>
    Exists = 0,

    /// <summary>X_OK.</summary>
    Execute = 1,

    /// <summary>W_OK.</summary>
    Write = 2,

    /// <summary>R_OK.</summary>
    Read = 4,
}
