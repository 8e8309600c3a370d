using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The calls about processes that are not the shim's.</summary>
public static partial class LibcProcess
{
    /// <summary>Signals every process of a group that this one may signal.</summary>
    /// <remarks>The caller makes sure that the group's leader is not reaped yet, so that the number cannot be a stranger's.</remarks>
    /// <returns>0, or why no process got it: ESRCH, or EPERM where all of them have become another user's.</returns>
    internal static int SignalGroup(int processGroup, int signal) =>
        RawKill(-processGroup, signal) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>The process that started this one, or that took it over.</summary>
    public static int ParentId() => RawGetParentId();

    /// <summary>Waits for a child of ours, blocking the thread, and reaps it.</summary>
    /// <returns>The raw wait status.</returns>
    public static int WaitFor(int pid)
    {
        int status;
        while (RawWaitPid(pid, out status, 0) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }

        return status;
    }

    /// <summary>A descriptor that is readable when a process has ended, also one that is no child of ours.</summary>
    /// <remarks>The caller makes sure that the process it gets is the one it means: the number may have been given out again before.</remarks>
    /// <returns>Null when there is no such process.</returns>
    /// <exception cref="NativeException">EMFILE mostly.</exception>
    internal static SafeFd? OpenPidFd(int pid)
    {
        // The same on every architecture; glibc has a name for it since 2.36 only.
        const nint SYS_pidfd_open = 434;
        var pidFd = new SafeFd((int)RawCall(SYS_pidfd_open, pid, 0));
        if (!pidFd.IsInvalid)
        {
            return pidFd;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ESRCH ? null : throw new NativeException($"pidfd_open for process {pid}", errno);
    }

    /// <summary>Signals one process, of which the caller knows that it is the one he means.</summary>
    internal static void Signal(int pid, int signal) => _ = RawKill(pid, signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint RawCall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int RawGetParentId();

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int RawWaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int RawKill(int pid, int signal);
}
