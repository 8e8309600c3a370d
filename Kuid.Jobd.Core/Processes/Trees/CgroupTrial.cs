using System.Globalization;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>
/// Finds out whether jobs can be started in cgroups of a directory, and killed with them, by doing it once: permissions, the age of the
/// kernel, a filter that knows no clone3(2) and a read-only mount are all seen in this and in nothing less.
/// </summary>
internal static class CgroupTrial
{
    private const int ExitCode = 7;

    private static readonly ProcessSpec Exiting = ProcessSpec.Shell("exit 7"u8.ToArray());
    private static readonly ProcessSpec Waiting = ProcessSpec.Shell("read line"u8.ToArray());
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Tries; it blocks for some milliseconds.</summary>
    /// <exception cref="TreesException">It does not go, and why.</exception>
    /// <exception cref="IOException">The same.</exception>
    internal static void Run(string root, InheritedEnvironment inherited)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{root}/trial{Environment.ProcessId}");
        int errno = LibcCgroup.Make(path);
        if (errno is not (0 or Errno.EEXIST))
        {
            throw new TreesException($"mkdir {path}: {Errno.Describe(errno)}");
        }

        try
        {
            if (!File.Exists(path + "/cgroup.kill"))
            {
                throw new TreesException($"{path} has no cgroup.kill, which needs cgroup v2 and Linux 5.14");
            }

            StartAndKill(path, inherited);
        }
        finally
        {
            _ = LibcCgroup.Remove(path);
        }
    }

    private static void StartAndKill(string path, InheritedEnvironment inherited)
    {
        using SafeFd cgroup = LibcCgroup.Open(path), nothing = LibcFiles.InMemory("cgroup-trial");
        var stdio = new Stdio(nothing, nothing, nothing);
        (int exited, SafeFd exitedFd) = SpawnCall.Execute(Exiting, stdio, inherited, cgroup);
        exitedFd.Dispose();
        var status = new WaitStatus(LibcProcess.WaitFor(exited));
        if (status.ExitCode != ExitCode)
        {
            // A kernel that takes the new process for one that a kill has missed: the daemon's own cgroup was killed once.
            throw new TreesException($"a process that was started in {path} ended with {status}");
        }

        // It waits for input that never comes, and that ends with this process, if somebody kills that meanwhile.
        (SafeFd input, SafeFd never) = LibcIo.Pipe();
        using (input)
        using (never)
        {
            (int pid, SafeFd pidFd) = SpawnCall.Execute(Waiting, stdio with { Stdin = input }, inherited, cgroup);
            using (pidFd)
            {
                try
                {
                    CgroupTree.Kill(path);
                    WaitUntilEmpty(path);
                }
                finally
                {
                    _ = KuidSpawn.Signal(pidFd, SignalNames.SIGKILL);
                    LibcProcess.WaitFor(pid);
                }
            }
        }
    }

    private static void WaitUntilEmpty(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!CgroupTree.IsEmptyAt(path))
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw new TreesException($"{path}/cgroup.kill kills nothing");
            }

            Thread.Sleep(Pause);
        }
    }
}
