using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

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

    private readonly ChildProcess? _child;
    private readonly Descriptor? _foreign;
    private readonly KeeperStart? _start;
    private readonly int _keeperPid;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _isOver;

    // Started by this daemon: the keeper is its child.
    internal KeptProcess(KeeperLogReader log, ChildProcess keeper, int pid)
    {
        (Log, _child, _keeperPid, Pid) = (log, keeper, keeper.Pid, pid);
        KeeperGone = keeper.Exited;
    }

    // Started by one before.
    private KeptProcess(KeeperLogReader log, KeeperStart start, Descriptor? keeper)
    {
        (Log, _start, _foreign, _keeperPid, Pid) = (log, start, keeper, start.KeeperPid, start.JobPid);
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
    internal static async Task<KeptProcess?> AdoptAsync(KeeperLogReader log, Reactor reactor, TimeProvider clock)
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

        return new KeptProcess(log, start, pidFd is null ? null : new Descriptor(reactor, pidFd, EpollEvents.In));
    }

    /// <summary>Kills the group of a job, if its leader is still the process that was started.</summary>
    internal static void End(KeeperStart start)
    {
        if (ProcessIdentities.Of(start.JobPid) == start.Job)
        {
            _ = LibcProcess.SignalGroup(start.JobPid, SignalNames.SIGKILL);
        }
    }

    /// <summary>Signals every process of the group; nobody once the keeper has let the number go.</summary>
    /// <returns>Whether a process got it.</returns>
    internal bool SignalGroup(int signal)
    {
        lock (_gate)
        {
            return !_isOver && (_start is null || ProcessIdentities.Of(Pid) == _start.Job) && LibcProcess.SignalGroup(Pid, signal) == 0;
        }
    }

    /// <summary>Tells the keeper to wait no longer for output that others than the process hold.</summary>
    internal void HurryKeeper()
    {
        if (!KeeperGone.IsCompleted)
        {
            LibcProcess.Signal(_keeperPid, SignalNames.SIGTERM);
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

    /// <summary>Lets go of the log and the keeper; both go on. A keeper of this daemon's that has done its work is collected.</summary>
    public void Dispose()
    {
        Log.Dispose();
        _foreign?.Dispose();
        if (_child is not null)
        {
            _ = CollectAsync(_child);
        }
    }

    private static SafeFd? OpenKeeper(KeeperStart start)
    {
        // Opened before it is looked at: what is looked at then is what was opened.
        SafeFd? pidFd = LibcProcess.OpenPidFd(start.KeeperPid);
        if (pidFd is not null && ProcessIdentities.Of(start.KeeperPid) != start.Keeper)
        {
            pidFd.Dispose();
            return null;
        }

        return pidFd;
    }

    private static async Task CollectAsync(ChildProcess keeper)
    {
        using (keeper)
        {
            await keeper.ReapAsync(TimeProvider.System);
        }
    }

    private static async Task WaitAsync(Descriptor keeper) => await keeper.ReadableAsync();
}
