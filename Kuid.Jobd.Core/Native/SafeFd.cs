using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>
/// One open file descriptor. Whoever holds the SafeFd owns the descriptor and disposes it; handing the object over hands
/// over the ownership. Calls borrow it through the marshaller, which keeps it open for as long as the call lasts.
/// </summary>
public sealed partial class SafeFd : SafeHandle
{
    // Calls return descriptors as int and wrap them here: a SafeHandle as the return type of a P/Invoke is read as a pointer,
    // whose upper half an int leaves undefined, and -1 comes out as a valid number.

    /// <summary>Takes the ownership of an open descriptor, or holds the -1 of a call that failed.</summary>
    public SafeFd(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The number, for messages and for tables that the kernel reads; it keeps nothing open.</summary>
    public int Number => (int)handle;

    // close(2) releases the descriptor even when it reports EINTR or EIO, so it is never tried again.
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
