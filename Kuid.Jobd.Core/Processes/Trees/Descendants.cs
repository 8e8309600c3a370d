using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>
/// The processes below one that adopts its orphans (PR_SET_CHILD_SUBREAPER): while that one lives, whatever they do to their parents and
/// sessions, each has a chain of parents that leads to it.
/// </summary>
/// <remarks>
/// When the leader has gone before the others, the chain is cut. What is still told from strangers then is its session and its group,
/// whose number is held as long as the leader is not reaped; what was seen below it before; and what is below any of these.
/// </remarks>
/// <param name="leader">The process at the top, which is not reaped yet or is known by other means to be itself.</param>
internal sealed class Descendants(int leader)
{
    // Each look finds what those have forked that were killed after the last one; a bomb that is faster is not to be had in this way.
    private const int LooksAtMost = 500;

    private readonly HashSet<(int Pid, long StartTicks)> _seen = [];

    /// <summary>Those that are alive now, the leader too.</summary>
    internal List<ProcessEntry> Alive() => Alive(leaderIsReaped: false);

    private List<ProcessEntry> Alive(bool leaderIsReaped)
    {
        List<ProcessEntry> all = ProcessScan.All();
        var found = new HashSet<int>(
            all.Where(p => (!leaderIsReaped && (p.Pid == leader || p.Session == leader || p.Group == leader)) || _seen.Contains((p.Pid, p.StartTicks)))
                .Select(p => p.Pid));
        int before;
        do
        {
            before = found.Count;
            found.UnionWith(all.Where(p => found.Contains(p.Parent)).Select(p => p.Pid));
        }
        while (found.Count > before);

        List<ProcessEntry> alive = all.FindAll(p => found.Contains(p.Pid) && !p.IsZombie);
        _seen.UnionWith(alive.Where(p => p.Pid != leader).Select(p => (p.Pid, p.StartTicks)));
        return alive;
    }

    /// <summary>Signals all but the leader and its group.</summary>
    internal void SignalOthers(int signal) => Alive().FindAll(p => p.Group != leader).ForEach(p => Signal(p, signal));

    /// <summary>Kills all but the leader, who is stopped so that it goes on adopting them and forks no more.</summary>
    /// <param name="leaderIsReaped">Whether its number may be a stranger's: then those are killed that were seen before, and what is below them.</param>
    internal void KillOthers(bool leaderIsReaped = false)
    {
        const int QuietLooks = 2;
        var killed = new HashSet<(int Pid, long StartTicks)>();
        int quiet = 0;
        for (int look = 0; look < LooksAtMost && quiet < QuietLooks; look++)
        {
            List<ProcessEntry> alive = Alive(leaderIsReaped);
            alive.FindAll(p => p.Pid == leader).ForEach(p => Signal(p, SignalNames.SIGSTOP));
            List<ProcessEntry> others = alive.FindAll(p => p.Pid != leader && killed.Add((p.Pid, p.StartTicks)));
            others.ForEach(p => Signal(p, SignalNames.SIGKILL));
            quiet = others.Count == 0 ? quiet + 1 : 0;
        }
    }

    // What has the number while its pidfd is open and started when the seen one did, is the seen one.
    private static void Signal(ProcessEntry process, int signal)
    {
        try
        {
            using SafeFd? pidFd = LibcProcess.TryOpen(process.Pid);
            if (pidFd is not null && ProcessScan.Of(process.Pid)?.StartTicks == process.StartTicks)
            {
                _ = KuidSpawn.Signal(pidFd, signal);
            }
        }
        catch (NativeException)
        {
            // Descriptors have run out; the next look finds it again, if this was to kill it.
        }
    }
}
