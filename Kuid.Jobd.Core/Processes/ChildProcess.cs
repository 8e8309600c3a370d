using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes.Trees;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// A process started by the <see cref="Spawner"/>, leader of its own session and process group.
/// </summary>
/// <remarks>
/// It owns the pidfd and the tree. Until it is reaped the exited leader stays a zombie on purpose: its number, which is also the group's,
/// cannot be given to a stranger meanwhile, so signalling the group is safe; after it nothing is signalled any more.
/// </remarks>
public class ChildProcess : IDisposable
{
    private static readonly TimeSpan ReapPause = TimeSpan.FromMilliseconds(50);

    // Before a kill is tried again for which there was no descriptor.
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(50);

    private readonly Descriptor _pidFd;
    private readonly Lock _reaping = new();
    private WaitStatus? _status;
    private bool _wasKilled;
    private volatile bool _wasSignalled;
    private bool _isReleased;

    internal ChildProcess(int pid, Descriptor pidFd, IProcessTree tree)
    {
        Pid = pid;
        _pidFd = pidFd;
        Tree = tree;
        Exited = WaitAsync();
    }

    /// <summary>The process id, which is the id of its group and session too.</summary>
    public int Pid { get; }

    /// <summary>Completes when the process has exited; its descendants may live on.</summary>
    public Task Exited { get; }

    /// <summary>The process and its descendants, in whatever sessions they are.</summary>
    public IProcessTree Tree { get; }

    /// <summary>Whether it has been sent a signal from here.</summary>
    public bool WasSignalled => _wasSignalled;

    /// <summary>Signals the process alone; one that has exited is no error.</summary>
    public void Signal(int signal)
    {
        _wasSignalled = true;
        int errno = KuidSpawn.Signal(_pidFd.Fd, signal);
        if (errno != 0 && errno != Errno.ESRCH)
        {
            throw new NativeException($"signal {SignalNames.Of(signal)} to process {Pid}", errno);
        }
    }

    /// <summary>Signals every process of the group; nobody once the leader is reaped.</summary>
    /// <returns>Whether a process got it: none does that has become another user's, as under sudo.</returns>
    public bool SignalGroup(int signal)
    {
        lock (_reaping)
        {
            _wasSignalled = true;
            return _status is null && LibcProcess.SignalGroup(Pid, signal) == 0;
        }
    }

    /// <summary>Signals every process of the group and of the rest of the tree; nobody once the leader is reaped.</summary>
    /// <returns>Whether a process of the group got it.</returns>
    public bool SignalTree(int signal)
    {
        lock (_reaping)
        {
            if (_status is not null)
            {
                return false;
            }

            _wasSignalled = true;
            Tree.Remember();
            bool reached = LibcProcess.SignalGroup(Pid, signal) == 0;
            Tree.SignalOthers(Pid, signal);
            return reached;
        }
    }

    /// <summary>Kills the group and the rest of the tree; what is alive of it afterwards is about to die, or stuck in the kernel.</summary>
    public async Task KillTreeAsync()
    {
        while (!TryKillTree())
        {
            await Task.Delay(KillPause);
        }
    }

    /// <summary>Waits until no process of the tree is left, or for something else.</summary>
    /// <returns>Whether none is left.</returns>
    public Task<bool> TreeEmptiesAsync(Task patience) => Tree.EmptiesAsync(Pid, patience);

    /// <summary>Takes the exit status of the exited process and lets its number go.</summary>
    /// <returns>Null while it has not exited, or is a tracer's first.</returns>
    /// <exception cref="NativeException">Somebody else reaped it.</exception>
    public (WaitStatus Status, ResourceUsage Usage)? TryReap()
    {
        lock (_reaping)
        {
            int errno = KuidSpawn.Reap(_pidFd.Fd, out KuidSpawn.Exit exit);
            if (errno == Errno.EAGAIN)
            {
                return null;
            }

            if (errno != 0)
            {
                throw new NativeException($"waitid for process {Pid}", errno);
            }

            _status = new WaitStatus(exit.WaitStatus);
            return (_status.Value, new ResourceUsage(
                TimeSpan.FromMicroseconds(exit.UserMicroseconds),
                TimeSpan.FromMicroseconds(exit.SystemMicroseconds),
                exit.MaxRssBytes));
        }
    }

    /// <summary>Takes the exit status of the exited process as soon as it can be had, and lets its number go.</summary>
    /// <exception cref="NativeException">Somebody else reaped it.</exception>
    public async Task<(WaitStatus Status, ResourceUsage Usage)> ReapAsync(TimeProvider clock)
    {
        // An exited process that is traced is its tracer's to collect first, and nothing tells when that has happened.
        await Exited;
        (WaitStatus Status, ResourceUsage Usage)? exit;
        while ((exit = TryReap()) is null)
        {
            await Task.Delay(ReapPause, clock);
        }

        return exit.Value;
    }

    /// <summary>Closes its descriptors. A child that still runs is not stopped by it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes its descriptors.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pidFd.Dispose();
            if (!_isReleased)
            {
                _isReleased = true;
                Tree.Release(leftOnPurpose: !_wasKilled);
            }
        }
    }

    private bool TryKillTree()
    {
        lock (_reaping)
        {
            _wasKilled = _wasSignalled = true;
            bool isKilled = Tree.TryKill(_status is null ? Pid : null);
            if (_status is null)
            {
                _ = LibcProcess.SignalGroup(Pid, SignalNames.SIGKILL);
            }

            return isKilled;
        }
    }

    private async Task WaitAsync() => await _pidFd.ReadableAsync();
}

/// <summary>What a process and its reaped descendants used (getrusage(2)).</summary>
/// <param name="User">CPU time in user mode.</param>
/// <param name="System">CPU time in the kernel.</param>
/// <param name="MaxRssBytes">
/// An upper bound of the largest resident set, in bytes: exec carries over the peak of the memory it leaves, so no process
/// shows less than the daemon had when it was started.
/// </param>
public readonly record struct ResourceUsage(TimeSpan User, TimeSpan System, long MaxRssBytes);
