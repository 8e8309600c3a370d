using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Native;

/// <summary>read(2), write(2), pipe2(2) and sendfile(2) on non-blocking descriptors.</summary>
public static partial class LibcIo
{
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const int F_SETFL = 4;
    private const int F_GETFL = 3;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int FirstAfterStdio = 3;
    private const int F_SETPIPE_SZ = 1031;

    /// <summary>What a call returns that would have to wait: -1, where 0 is the end of the input.</summary>
    public const int WouldBlock = -1;

    /// <summary>Reads what is there.</summary>
    /// <returns>The number of bytes, 0 at the end, or <see cref="WouldBlock"/>.</returns>
    /// <exception cref="NativeException">Any other failure.</exception>
    public static int Read(SafeFd fd, Span<byte> buffer)
    {
        nint n;
        while ((n = RawRead(fd, buffer, (nuint)buffer.Length)) < 0)
        {
            if (!Retry("read"))
            {
                return WouldBlock;
            }
        }

        return (int)n;
    }

    /// <summary>Writes what fits.</summary>
    /// <returns>The number of bytes written, or <see cref="WouldBlock"/>.</returns>
    /// <exception cref="NativeException">Any other failure; EPIPE when the reader is gone.</exception>
    public static int Write(SafeFd fd, ReadOnlySpan<byte> bytes)
    {
        nint n;
        while ((n = RawWrite(fd, bytes, (nuint)bytes.Length)) < 0)
        {
            if (!Retry("write"))
            {
                return WouldBlock;
            }
        }

        return (int)n;
    }

    /// <summary>Sends part of a file to a socket without copying it through this process.</summary>
    /// <param name="offset">Where in the file to begin; moved on by what was sent.</param>
    /// <returns>The number of bytes sent, 0 at the end of the file, or <see cref="WouldBlock"/>.</returns>
    /// <exception cref="NativeException">Any other failure.</exception>
    public static long SendFile(SafeFd socket, SafeFileHandle file, ref long offset, long count)
    {
        nint n;
        while ((n = RawSendFile(socket, file, ref offset, (nuint)count)) < 0)
        {
            if (!Retry("sendfile"))
            {
                return WouldBlock;
            }
        }

        return n;
    }

    /// <summary>A pipe, both ends close-on-exec and blocking: each end is made non-blocking only where the daemon keeps it.</summary>
    /// <exception cref="NativeException">EMFILE or ENFILE mostly.</exception>
    public static unsafe (SafeFd Read, SafeFd Write) Pipe()
    {
        int* ends = stackalloc int[2];
        if (RawPipe2(ends, O_CLOEXEC) != 0)
        {
            throw NativeException.Last("pipe2");
        }

        return (new SafeFd(ends[0]), new SafeFd(ends[1]));
    }

    /// <summary>Whether a descriptor is a terminal; it is neither read nor changed.</summary>
    public static bool IsTerminal(SafeFd fd) => RawIsTerminal(fd) == 1;

    /// <summary>Sets O_NONBLOCK on the open file description; called on what no other process reads or writes.</summary>
    /// <exception cref="NativeException">fcntl failed.</exception>
    public static void MakeNonBlocking(SafeFd fd) => SetBlocking(fd, blocking: false);

    /// <summary>Takes O_NONBLOCK off the open file description: programs do not expect it of their standard streams.</summary>
    /// <exception cref="NativeException">fcntl failed.</exception>
    public static void MakeBlocking(SafeFd fd) => SetBlocking(fd, blocking: true);

    /// <summary>Gives a pipe another size, if the kernel allows: it bounds what all pipes of a user hold.</summary>
    /// <returns>Whether it has it.</returns>
    public static bool TryResizePipe(SafeFd pipe, int bytes) => RawFcntl(pipe, F_SETPIPE_SZ, bytes) >= 0;

    /// <summary>Makes a descriptor number mean what another one means, for the standard streams.</summary>
    /// <exception cref="NativeException">dup2 failed.</exception>
    public static void Duplicate(SafeFd fd, int number)
    {
        if (RawDup2(fd, number) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NativeException($"dup2 to {number}", errno);
        }
    }

    /// <summary>Another descriptor of what a number stands for, close-on-exec.</summary>
    /// <exception cref="NativeException">EBADF, EMFILE.</exception>
    public static SafeFd Duplicate(int number)
    {
        var copy = new SafeFd(RawDuplicate(number, F_DUPFD_CLOEXEC, FirstAfterStdio));
        return copy.IsInvalid ? throw NativeException.Last($"duplicate {number}") : copy;
    }

    private static void SetBlocking(SafeFd fd, bool blocking)
    {
        int flags = RawFcntl(fd, F_GETFL, 0);
        if (flags < 0 || RawFcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) < 0)
        {
            throw NativeException.Last("fcntl O_NONBLOCK");
        }
    }

    private static bool Retry(string operation) => Marshal.GetLastPInvokeError() switch
    {
        Errno.EINTR => true,
        Errno.EAGAIN => false,
        var errno => throw new NativeException(operation, errno),
    };

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int RawIsTerminal(SafeFd fd);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint RawRead(SafeFd fd, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint RawWrite(SafeFd fd, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "sendfile64", SetLastError = true)]
    private static partial nint RawSendFile(SafeFd outFd, SafeFileHandle inFd, ref long offset, nuint count);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int RawPipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int RawDup2(SafeFd fd, int number);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int RawDuplicate(int number, int command, nint atLeast);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int RawFcntl(SafeFd fd, int command, nint argument);
}
