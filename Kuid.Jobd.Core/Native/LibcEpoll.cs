using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The bits of an epoll event that are asked for and reported (epoll_ctl(2)).</summary>
[Flags]
public enum EpollEvents : uint
{
    /// <summary>No event.</summary>
    None = 0,

    /// <summary>There is something to read, or the end of it.</summary>
    In = 0x1,

    /// <summary>There is room to write.</summary>
    Out = 0x4,

    /// <summary>An error waits on the descriptor.</summary>
    Error = 0x8,

    /// <summary>Both directions are closed.</summary>
    HangUp = 0x10,

    /// <summary>The peer will send no more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>Report changes, not states.</summary>
    EdgeTriggered = 0x80000000,
}

/// <summary>epoll(7) and the eventfd(2) that wakes it.</summary>
internal static partial class LibcEpoll
{
    private const int EPOLL_CLOEXEC = 0x80000;
    private const int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private const int EPOLL_CTL_ADD = 1;
    private const int EPOLL_CTL_DEL = 2;

    // The kernel packs struct epoll_event on x86-64 only: 12 bytes there with the token at 4, 16 elsewhere with it at 8.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    internal static int EventSize { get; } = Packed ? 12 : 16;

    private static int TokenOffset { get; } = Packed ? 4 : 8;

    internal static SafeFd Create()
    {
        var epoll = new SafeFd(RawCreate(EPOLL_CLOEXEC));
        return epoll.IsInvalid ? throw NativeException.Last("epoll_create1") : epoll;
    }

    internal static SafeFd CreateEventFd()
    {
        var eventFd = new SafeFd(RawEventFd(0, EFD_CLOEXEC_NONBLOCK));
        return eventFd.IsInvalid ? throw NativeException.Last("eventfd") : eventFd;
    }

    internal static void Add(SafeFd epoll, SafeFd fd, EpollEvents events, ulong token)
    {
        Span<byte> entry = stackalloc byte[EventSize];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)events);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[TokenOffset..], token);
        if (RawControl(epoll, EPOLL_CTL_ADD, fd, entry) != 0)
        {
            throw NativeException.Last("epoll_ctl add");
        }
    }

    internal static void Delete(SafeFd epoll, SafeFd fd) => _ = RawControl(epoll, EPOLL_CTL_DEL, fd, stackalloc byte[EventSize]);

    /// <summary>Waits for events; an interruption counts as none.</summary>
    internal static int Wait(SafeFd epoll, Span<byte> entries)
    {
        int n = RawWait(epoll, entries, entries.Length / EventSize, -1);
        if (n < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
        {
            throw NativeException.Last("epoll_wait");
        }

        return Math.Max(n, 0);
    }

    internal static (EpollEvents Events, ulong Token) Entry(ReadOnlySpan<byte> entries, int index)
    {
        ReadOnlySpan<byte> entry = entries.Slice(index * EventSize, EventSize);
        return ((EpollEvents)BinaryPrimitives.ReadUInt32LittleEndian(entry),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[TokenOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int RawCreate(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int RawEventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int RawControl(SafeFd epoll, int operation, SafeFd fd, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int RawWait(SafeFd epoll, Span<byte> entries, int capacity, int timeoutMilliseconds);
}
