using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Trees;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>
/// A job's process below a keeper, seen through the keeper's log: started a moment ago, or by a daemon before this one. It owns the
/// log's file, open for reading, and the keeper's process or pidfd.
/// </summary>
/// <remarks>
/// The keeper lets the exited process stay a zombie until it ends itself, so the number is the job's as long as the log has no end; it is
/// looked at before each signal nonetheless, for a keeper can be killed.
/// </remarks>
internal sealed class KeptProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    // Before a kill is tried again for which there was no descriptor.
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess? _child;
    private readonly Descriptor? _foreign;
    private readonly int _keeperPid;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly IProcessTree _tree;
    private KeeperStart? _start;
    private bool _isOver;
    private bool _isLeft;
    private bool _wasKilled;

    // Started by this daemon: the keeper is its child.
    internal KeptProcess(KeeperLogReader log, ChildProcess keeper, int pid, IProcessTree tree)
    {
        (Log, _child, _keeperPid, Pid, _tree) = (log, keeper, keeper.Pid, pid, tree);
        KeeperGone = keeper.Exited;
    }

    // Started by one before.
    private KeptProcess(KeeperLogReader log, KeeperStart start, Descriptor? keeper, IProcessTree tree)
    {
        (Log, _start, _foreign, _keeperPid, Pid, _tree) = (log, start, keeper, start.KeeperPid, start.JobPid, tree);
        KeeperGone = keeper is null ? Task.CompletedTask : WaitAsync(keeper);
    }

    /// <summary>The keeper's log, from its beginning.</summary>
    internal KeeperLogReader Log { get; }

    /// <summary>The job's process, group and session.</summary>
    internal int Pid { get; }

    /// <summary>Completes when the keeper has ended, however; then the log gets no longer.</summary>
    internal Task KeeperGone { get; }

    /// <summary>Completes when the process has exited, or nobody will tell any more.</summary>
    internal Task Exited => _exited.Task;

    /// <summary>How the process ended, when the log has come there.</summary>
    internal KeeperExit? Exit { get; private set; }

    /// <summary>Whether it was started since the machine was.</summary>
    internal bool IsOfThisBoot => _start is null || _start.Job.BootId == ProcessIdentities.ThisBoot;

    /// <summary>A process that a daemon before this one has started, whether its keeper is alive or not.</summary>
    /// <param name="log">Becomes this object's, unless it returns null.</param>
    /// <returns>Null where nothing was started: the daemon, and the keeper with it, was killed too early.</returns>
    /// <exception cref="InvalidDataException">The log is damaged.</exception>
    internal static async Task<KeptProcess?> AdoptAsync(KeeperLogReader log, Reactor reactor, IProcessTrees trees, TimeProvider clock)
    {
        // A keeper that lives is about to write its first record, if it has not.
        KeeperRecord first;
        for (long began = clock.GetTimestamp(); !log.TryRead(out first); await Task.Delay(Pause, clock))
        {
            if (!KeeperFolder.IsKept(log.File) || clock.GetElapsedTime(began) > Patience)
            {
                return null;
            }
        }

        KeeperStart start = first.Type == KeeperRecordType.Started
            ? KeeperStart.Parse(first.Payload.Span)
            : throw new InvalidDataException("its record log does not begin with a start");
        SafeFd? pidFd = KeeperFolder.IsKept(log.File) ? OpenKeeper(start) : null;
        if (pidFd is null && !log.HasEnd())
        {
            // Nobody will know how it ends; what is alive of it goes before anything new is accepted.
            End(start);
        }

        // Without its keeper nothing of it is to stay, and what no tree has adopted is killed.
        IProcessTree tree = pidFd is null || ProcessIdentities.Of(start.JobPid) != start.Job ? NoTrees.Instance
            : trees.Adopt(start.JobPid) ?? new ScannedTree(start.JobPid);
        return new KeptProcess(log, start, pidFd is null ? null : new Descriptor(reactor, pidFd, EpollEvents.In), tree);
    }

    /// <summary>Kills what is below a job and its group, if its leader is still the process that was started.</summary>
    internal static void End(KeeperStart start)
    {
        if (ProcessIdentities.Of(start.JobPid) == start.Job)
        {
            new Descendants(start.JobPid).KillOthers();
            _ = LibcProcess.SignalGroup(start.JobPid, SignalNames.SIGKILL);
        }
    }

    /// <summary>Signals every process of the group; nobody once the keeper has let the number go.</summary>
    /// <returns>Whether a process got it.</returns>
    internal bool SignalGroup(int signal)
    {
        lock (_gate)
        {
            return IsStillIts() && LibcProcess.SignalGroup(Pid, signal) == 0;
        }
    }

    /// <summary>Signals every process of the group and of the rest of the tree.</summary>
    internal void SignalTree(int signal)
    {
        lock (_gate)
        {
            if (IsStillIts())
            {
                _tree.Remember();
                _ = LibcProcess.SignalGroup(Pid, signal);
                _tree.SignalOthers(Pid, signal);
            }
        }
    }

    /// <summary>Kills the group and the rest of the tree.</summary>
    internal async Task KillTreeAsync()
    {
        while (!TryKillTree())
        {
            await Task.Delay(KillPause);
        }
    }

    /// <summary>Waits until no process of the tree is left, or for something else.</summary>
    /// <returns>Whether none is left.</returns>
    internal Task<bool> TreeEmptiesAsync(Task patience) => _tree.EmptiesAsync(Pid, patience);

    /// <summary>Tells the keeper to wait no longer for output that others than the process hold.</summary>
    internal void HurryKeeper()
    {
        if (!KeeperGone.IsCompleted)
        {
            LibcProcess.Signal(_keeperPid, SignalNames.SIGTERM);
        }
    }

    /// <summary>Which of all processes of its number it is, as the log says.</summary>
    internal void HasStarted(KeeperStart start)
    {
        lock (_gate)
        {
            _start = start;
        }
    }

    /// <summary>The process has exited, as the log says.</summary>
    internal void HasExited(KeeperExit exit)
    {
        Exit = exit;
        _exited.TrySetResult();
    }

    /// <summary>The log has its end, or will not have one: the number is anybody's.</summary>
    internal void IsOver()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _exited.TrySetResult();
    }

    /// <summary>It is left to the next daemon, and so is its tree.</summary>
    internal void IsLeft() => _isLeft = true;

    /// <summary>Lets go of the log, the keeper and the tree; what lives of them goes on. A keeper of this daemon's that has done its work is collected.</summary>
    public void Dispose()
    {
        Log.Dispose();
        _foreign?.Dispose();
        if (_isLeft)
        {
            // A cgroup in which a process is cannot be removed, and has no mark: the next daemon finds it.
            _tree.Discard();
        }
        else if (_child is null)
        {
            _tree.Release(leftOnPurpose: !_wasKilled);
        }
        else
        {
            _ = CollectAsync(_child);
        }
    }

    private static SafeFd? OpenKeeper(KeeperStart start)
    {
        // Opened before it is looked at: what is looked at then is what was opened.
        SafeFd? pidFd = LibcProcess.TryOpen(start.KeeperPid);
        if (pidFd is not null && ProcessIdentities.Of(start.KeeperPid) != start.Keeper)
        {
            pidFd.Dispose();
            return null;
        }

        return pidFd;
    }

    private bool IsStillIts() => !_isOver && (_start is null || ProcessIdentities.Of(Pid) == _start.Job);

    private bool TryKillTree()
    {
        lock (_gate)
        {
            _wasKilled = true;
            bool isIts = IsStillIts();
            bool isKilled = _tree.TryKill(isIts ? Pid : null);
            if (isIts)
            {
                _ = LibcProcess.SignalGroup(Pid, SignalNames.SIGKILL);
            }

            return isKilled;
        }
    }

    // The keeper first: a tree reaps who is no child that it knows of.
    private async Task CollectAsync(ChildProcess keeper)
    {
        try
        {
            await keeper.ReapAsync(TimeProvider.System);
        }
        finally
        {
            keeper.Dispose();
            _tree.Release(leftOnPurpose: !_wasKilled);
        }
    }

    private static async Task WaitAsync(Descriptor keeper) => await keeper.ReadableAsync();
}
