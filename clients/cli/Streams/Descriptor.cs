using System.Runtime.InteropServices;

namespace Kuid.Cli.Streams;

/// <summary>
/// Descriptors 0, 1 and 2 by read(2) and write(2). .NET's console streams hide a reader that has gone (EPIPE) and edit lines on
/// a terminal; a FileStream writes to files by position, so that two programs that share one overwrite each other.
/// </summary>
internal static partial class Descriptor
{
    /// <summary>Standard input.</summary>
    internal const int Stdin = 0;

    /// <summary>Standard output.</summary>
    internal const int Stdout = 1;

    /// <summary>Standard error.</summary>
    internal const int Stderr = 2;

    private const int EINTR = 4;
    private const int EAGAIN = 11;
    private const int EPIPE = 32;
    private const short POLLIN = 1;
    private const short POLLOUT = 4;
    private const int Forever = -1;
    private const uint TIOCGWINSZ = 0x5413;

    /// <summary>Whether it is a terminal.</summary>
    internal static bool IsTerminal(int fd) => RawIsTerminal(fd) == 1;

    /// <summary>How many columns a terminal has. (Console.WindowWidth would send it a control sequence first.)</summary>
    /// <returns>The number, or 0 when it does not say.</returns>
    internal static int Columns(int fd) => Size(fd).Columns;

    /// <summary>How many columns and rows a terminal has.</summary>
    /// <returns>The numbers, each 0 when it does not say.</returns>
    internal static (int Columns, int Rows) Size(int fd)
    {
        var size = default(WindowSize);
        return RawIoctl(fd, TIOCGWINSZ, ref size) == 0 ? (size.Columns, size.Rows) : default;
    }

    /// <summary>Reads what is there, waiting for the first byte.</summary>
    /// <returns>The number of bytes, 0 at the end.</returns>
    /// <exception cref="FailureException">It cannot be read.</exception>
    internal static int Read(int fd, Span<byte> buffer)
    {
        nint n;
        while ((n = RawRead(fd, buffer, (nuint)buffer.Length)) < 0)
        {
            WaitOrThrow(fd, POLLIN, "read from");
        }

        return (int)n;
    }

    /// <summary>Waits until there is something to read, or on another descriptor.</summary>
    /// <returns>Whether it is there on the first.</returns>
    internal static bool WaitForInput(int fd, int other)
    {
        PollFd[] both = [new() { Fd = fd, Events = POLLIN }, new() { Fd = other, Events = POLLIN }];
        while (RawPoll(ref both[0], (nuint)both.Length, Forever) < 0)
        {
            // A signal, and nothing has happened.
        }

        return both[1].Returned == 0;
    }

    /// <summary>Reads to the end.</summary>
    /// <exception cref="FailureException">It cannot be read.</exception>
    internal static byte[] ReadAll(int fd)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while ((n = Read(fd, buffer)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    /// <summary>Writes everything, however long that takes.</summary>
    /// <exception cref="ReaderGoneException">Nobody reads it any more.</exception>
    /// <exception cref="FailureException">It cannot be written: the disk is full.</exception>
    internal static void Write(int fd, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint n = RawWrite(fd, bytes, (nuint)bytes.Length);
            if (n >= 0)
            {
                bytes = bytes[(int)n..];
            }
            else if (Marshal.GetLastPInvokeError() == EPIPE)
            {
                throw new ReaderGoneException();
            }
            else
            {
                WaitOrThrow(fd, POLLOUT, "write to");
            }
        }
    }

    // A descriptor can be non-blocking without our doing: the flag belongs to whoever else has the same terminal or pipe open.
    private static void WaitOrThrow(int fd, short events, string verb)
    {
        int errno = Marshal.GetLastPInvokeError();
        if (errno == EAGAIN)
        {
            var one = new PollFd { Fd = fd, Events = events };
            _ = RawPoll(ref one, 1, Forever);
        }
        else if (errno != EINTR)
        {
            string name = fd switch { Stdin => "standard input", Stdout => "standard output", _ => "standard error" };
            throw new FailureException($"cannot {verb} {name}: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint RawRead(int fd, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint RawWrite(int fd, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int RawPoll(ref PollFd fds, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int RawIoctl(int fd, nuint request, ref WindowSize size);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int RawIsTerminal(int fd);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsAcross;
        public ushort PixelsDown;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}
