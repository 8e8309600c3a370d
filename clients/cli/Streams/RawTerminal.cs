using System.Runtime.InteropServices;

namespace Kuid.Cli.Streams;

/// <summary>
/// A terminal that hands over every key as it is pressed and makes no signals of them, until this is disposed. The end by a signal
/// puts it right too: a shell whose terminal is left like this is of no use.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    // struct termios has 60 bytes on Linux, and begins with c_iflag and c_oflag, 32 bits each (termbits.h, the same on all of .NET's
    // architectures). Nothing else of it is looked at.
    private const int LargestTermios = 256;
    private const int OutputFlagsAt = 4;
    private const int TCSADRAIN = 1;

    private readonly byte[] _before = new byte[LargestTermios];
    private readonly byte[] _raw;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes the terminal on standard input.</summary>
    /// <param name="keepsOutput">Whether the terminal still begins a new line at a line feed; not for a program that expects all of it raw.</param>
    /// <exception cref="FailureException">Standard input is no terminal.</exception>
    internal RawTerminal(bool keepsOutput)
    {
        if (tcgetattr(Descriptor.Stdin, _before) != 0)
        {
            throw new FailureException($"standard input is no terminal: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        _raw = [.. _before];
        cfmakeraw(_raw);
        if (keepsOutput)
        {
            _before.AsSpan(OutputFlagsAt, sizeof(uint)).CopyTo(_raw.AsSpan(OutputFlagsAt));
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Set(_before)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Set(_before)),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, _ => Set(_before)),

            // Whoever stopped kuid had the terminal meanwhile.
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Set(_raw)),
        ];
        Set(_raw);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        Set(_before);
    }

    // What has been typed ahead stays.
    private static void Set(byte[] attributes) => _ = tcsetattr(Descriptor.Stdin, TCSADRAIN, attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int fd, [In, Out] byte[] attributes);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int fd, int when, [In] byte[] attributes);

    [LibraryImport("libc")]
    private static partial void cfmakeraw([In, Out] byte[] attributes);
}
