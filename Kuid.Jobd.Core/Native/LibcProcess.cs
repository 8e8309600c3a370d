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

    /// <summary>The process group of a process; -1 when there is no such process.</summary>
    internal static int GroupOf(int pid) => RawGetGroup(pid);

    /// <summary>A pidfd of a process that is not a child (pidfd_open(2), which glibc has a wrapper for only since 2.36).</summary>
    /// <returns>Null when there is no such process.</returns>
    /// <exception cref="NativeException">EMFILE or ENFILE.</exception>
    internal static SafeFd? TryOpen(int pid)
    {
        const int SYS_pidfd_open = 434;
        var pidFd = new SafeFd((int)RawPidFd(SYS_pidfd_open, pid, 0));
        if (!pidFd.IsInvalid)
        {
            return pidFd;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ESRCH or Errno.EINVAL ? null : throw new NativeException("pidfd_open", errno);
    }

    /// <summary>Makes this process the parent of those below it whose own has ended (PR_SET_CHILD_SUBREAPER).</summary>
    /// <exception cref="NativeException">prctl(2) failed.</exception>
    internal static void AdoptOrphans()
    {
        const int PR_SET_CHILD_SUBREAPER = 36;
        if (RawControl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
        {
            throw NativeException.Last("prctl CHILD_SUBREAPER");
        }
    }

    /// <summary>Reaps a child of ours that has ended; one that has not is left alone.</summary>
    internal static void TryReap(int pid)
    {
        const int WNOHANG = 1;
        _ = RawWaitPid(pid, out _, WNOHANG);
    }

    /// <summary>What is added to this process's score when memory runs out (proc(5)); 0 when it cannot be read.</summary>
    internal static int OomScoreAdjust()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

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

    /// <summary>Signals one process, of which the caller knows that it is the one he means.</summary>
    internal static void Signal(int pid, int signal) => _ = RawKill(pid, signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int RawControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int RawGetGroup(int pid);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint RawPidFd(nint number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int RawGetParentId();

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int RawWaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int RawKill(int pid, int signal);
}
