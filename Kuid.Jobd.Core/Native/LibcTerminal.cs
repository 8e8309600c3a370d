using System.Runtime.InteropServices;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Native;

/// <summary>Pseudoterminals (pty(7), ioctl_tty(2)).</summary>
public static partial class LibcTerminal
{
    /// <summary>What ends the input of a program that reads lines from a terminal, unless it has been set otherwise: Ctrl-D.</summary>
    public const byte EndOfInput = 4;

    private const string Multiplexer = "/dev/ptmx";
    private const int O_RDWR_NOCTTY_CLOEXEC = 2 | 0x100 | 0x80000;
    private const uint TIOCSWINSZ = 0x5414;
    private const uint TIOCSPTLCK = 0x40045431;
    private const uint TIOCGPTPEER = 0x5441;

    /// <summary>A new terminal, both ends close-on-exec and blocking.</summary>
    /// <returns>The master, which is read and written as the person at it, and the slave, which is a program's.</returns>
    /// <exception cref="NativeException">ENOSPC when the system has no more, EMFILE.</exception>
    public static (SafeFd Master, SafeFd Slave) Open()
    {
        var master = new SafeFd(RawOpen(Multiplexer, O_RDWR_NOCTTY_CLOEXEC));
        if (master.IsInvalid)
        {
            throw NativeException.Last("open " + Multiplexer);
        }

        try
        {
            int no = 0;
            if (RawControl(master, TIOCSPTLCK, ref no) != 0)
            {
                throw NativeException.Last("unlock a terminal");
            }

            // By the master and not by its name, which in a container may be another one's.
            var slave = new SafeFd(RawControl(master, TIOCGPTPEER, O_RDWR_NOCTTY_CLOEXEC));
            return slave.IsInvalid ? throw NativeException.Last("open the slave of a terminal") : (master, slave);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Gives a terminal another size, which its foreground process group is told of with SIGWINCH.</summary>
    public static void Resize(SafeFd terminal, WindowSize size)
    {
        var raw = new RawSize { Rows = size.Rows, Columns = size.Columns, PixelWidth = size.PixelWidth, PixelHeight = size.PixelHeight };
        _ = RawControl(terminal, TIOCSWINSZ, ref raw);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int RawControl(SafeFd fd, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int RawControl(SafeFd fd, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int RawControl(SafeFd fd, nuint request, ref RawSize argument);

    [StructLayout(LayoutKind.Sequential)]
    private struct RawSize
    {
        internal ushort Rows;
        internal ushort Columns;
        internal ushort PixelWidth;
        internal ushort PixelHeight;
    }
}
