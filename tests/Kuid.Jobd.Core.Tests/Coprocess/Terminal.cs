using System.Runtime.InteropServices;
using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>A pseudo-terminal whose person is the test.</summary>
internal sealed partial class Terminal : IDisposable
{
    private const int O_RDWR = 2;
    private const int O_WRONLY = 1;
    private const int O_NOCTTY = 0x100;
    private const int O_APPEND = 0x400;
    private const int O_CLOEXEC = 0x80000;

    private readonly Descriptor _screen;
    private readonly StringBuilder _shown = new();

    internal Terminal(Reactor reactor)
    {
        var master = new SafeFd(RawOpenTerminal(O_RDWR | O_NOCTTY | O_CLOEXEC));
        byte[] path = new byte[64];
        if (master.IsInvalid || RawUnlock(master) != 0 || RawName(master, path, path.Length) != 0)
        {
            throw NativeException.Last("open a pseudo-terminal");
        }

        LibcIo.MakeNonBlocking(master);
        _screen = new Descriptor(reactor, master, EpollEvents.In | EpollEvents.Out);
        Path = Encoding.ASCII.GetString(path).TrimEnd('\0');
        Line = new SafeFd(RawOpen(Path, O_RDWR | O_NOCTTY | O_CLOEXEC, 0));
    }

    /// <summary>What programs have as their terminal.</summary>
    internal SafeFd Line { get; }

    internal string Path { get; }

    /// <summary>What is on the screen so far.</summary>
    internal string Shown
    {
        get
        {
            byte[] buffer = new byte[4096];
            int n;
            while ((n = _screen.TryRead(buffer)) > 0)
            {
                _shown.Append(Encoding.Latin1.GetString(buffer, 0, n));
            }

            return _shown.ToString();
        }
    }

    internal void Type(string keys) => _screen.TryWrite(Encoding.ASCII.GetBytes(keys));

    internal Task Shows(string text) =>
        Eventually.Holds(() => Shown.Contains(text, StringComparison.Ordinal), () => $"the terminal shows {text}, where it shows {Shown}");

    /// <summary>The terminal's modes as termios has them.</summary>
    internal byte[] Modes()
    {
        byte[] modes = new byte[128];
        _ = RawModes(Line, modes);
        return modes;
    }

    internal static SafeFd OpenToAppend(string path) => new(RawOpen(path, O_WRONLY | O_APPEND | O_CLOEXEC, 0));

    public void Dispose()
    {
        Line.Dispose();
        _screen.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int RawOpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int RawUnlock(SafeFd master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int RawName(SafeFd master, [Out] byte[] name, nint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpen(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int RawModes(SafeFd terminal, [Out] byte[] modes);
}
