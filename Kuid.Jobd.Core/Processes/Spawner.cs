using System.Collections.Concurrent;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes.Trees;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// Starts the processes of jobs: the only place in the daemon that does. Each gets its own session, default signals, an empty mask,
/// its stdio and nothing else open, the environment and the soft NOFILE that the daemon was started with.
/// </summary>
/// <remarks>
/// clone with CLONE_VFORK suspends the calling thread until the child has executed, a third of a millisecond or more. That
/// must not be a thread of the pool, where jobs' bytes are moved, so the spawner has threads of its own, as many as cores:
/// more could only wait for each other.
/// </remarks>
public sealed class Spawner : IDisposable
{
    private readonly Reactor _reactor;
    private readonly InheritedEnvironment _inherited;
    private readonly NativeStrings _inheritedEnvp;
    private readonly BlockingCollection<Action> _orders = [];
    private readonly Thread[] _threads;

    // A supervisor that has the kernel spare the daemon (OOMScoreAdjust=) does not mean its jobs.
    private readonly bool _isProtected = LibcProcess.OomScoreAdjust() < 0;

    /// <summary>Starts the threads.</summary>
    public Spawner(Reactor reactor, InheritedEnvironment inherited)
    {
        ArgumentNullException.ThrowIfNull(inherited);
        _reactor = reactor;
        _inherited = inherited;
        _inheritedEnvp = new NativeStrings(inherited.Variables);
        _threads = new Thread[Environment.ProcessorCount];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = "kuid-spawner" };
            _threads[i].Start();
        }
    }

    /// <summary>What holds each process and its descendants together; without it the process group is all there is.</summary>
    public IProcessTrees Trees { get; init; } = NoTrees.Instance;

    /// <summary>What the daemon was started with.</summary>
    internal InheritedEnvironment Inherited => _inherited;

    /// <summary>Starts a process on pipes of its own; completes when it has executed.</summary>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    public Task<PipedProcess> SpawnAsync(ProcessSpec spec) => Ordered(() => Spawn(spec), isCounted: true);

    /// <summary>The same for a process of the daemon's own, which the metrics of jobs' processes leave out.</summary>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    internal Task<PipedProcess> SpawnUncountedAsync(ProcessSpec spec) => Ordered(() => Spawn(spec), isCounted: false);

    /// <summary>Starts a process on descriptors of the caller's; completes when it has executed.</summary>
    /// <param name="stdio">Stays the caller's, and open until then.</param>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    public Task<ChildProcess> SpawnAsync(ProcessSpec spec, Stdio stdio) => Ordered(() => Spawn(spec, stdio), isCounted: true);

    /// <summary>Starts a process below a keeper, which outlives the daemon; completes when both have executed.</summary>
    /// <param name="stdio">Stays the caller's, and open until then, as does what the keeper gets.</param>
    /// <returns>The keeper, which is the daemon's child, and the pid of the process, which is the keeper's, with its tree, the caller's.</returns>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    internal async Task<(ChildProcess Keeper, int Pid, IProcessTree Tree)> SpawnKeptAsync(ProcessSpec spec, Stdio stdio, KeeperCall keeper)
    {
        int pid = 0;
        IProcessTree? held = null;
        ChildProcess child = await Ordered(() => InTree(tree =>
        {
            (pid, _) = SpawnCall.Execute(spec, stdio, _inherited, _inheritedEnvp, PlaceIn(tree), keeper);
            held = tree;
            return Watched(
                spec, pid, keeper.Pid, keeper.PidFd!, tree, pidFd => new ChildProcess(keeper.Pid, new Descriptor(_reactor, pidFd, EpollEvents.In), NoTrees.Instance));
        }), isCounted: true);
        return (child, pid, held!);
    }

    /// <summary>Ends the threads; orders already given are carried out first.</summary>
    public void Dispose()
    {
        if (_orders.IsAddingCompleted)
        {
            return;
        }

        _orders.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            // One may be stuck in an exec from a file system that does not answer; it ends with the process.
            thread.Join(TimeSpan.FromSeconds(1));
        }

        _orders.Dispose();
        _inheritedEnvp.Dispose();
    }

    private void Run()
    {
        foreach (Action order in _orders.GetConsumingEnumerable())
        {
            order();
        }
    }

    private Task<TProcess> Ordered<TProcess>(Func<TProcess> spawn, bool isCounted)
        where TProcess : ChildProcess
    {
        long given = System.Diagnostics.Stopwatch.GetTimestamp();
        var process = new TaskCompletionSource<TProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add(() =>
        {
            try
            {
                TProcess child = spawn();
                if (isCounted)
                {
                    JobMeter.Started(given);
                }

                process.SetResult(child);
            }
            catch (Exception e)
            {
                process.SetException(e);
            }
        });
        return process.Task;
    }

    private PipedProcess Spawn(ProcessSpec spec)
    {
        using var pipes = StdioPipes.Open(ProgramPath.Display(spec.Program));
        return Spawn(spec, pipes.Child, (pid, pidFd, tree) => pipes.IntoChild(_reactor, pid, pidFd, tree));
    }

    private ChildProcess Spawn(ProcessSpec spec, Stdio stdio) =>
        Spawn(spec, stdio, (pid, pidFd, tree) => new ChildProcess(pid, new Descriptor(_reactor, pidFd, EpollEvents.In), tree));

    private TProcess Spawn<TProcess>(ProcessSpec spec, Stdio stdio, Func<int, SafeFd, IProcessTree, TProcess> watch) => InTree(tree =>
    {
        (int pid, SafeFd pidFd) = SpawnCall.Execute(spec, stdio, _inherited, _inheritedEnvp, PlaceIn(tree));
        return Watched(spec, pid, pid, pidFd, tree, fd => watch(pid, fd, tree));
    });

    private SpawnPlace PlaceIn(IProcessTree tree) => new(tree.Cgroup, tree.LeaderAdoptsOrphans, _isProtected);

    private TProcess InTree<TProcess>(Func<IProcessTree, TProcess> spawn)
    {
        const int Tries = 2;
        for (int i = 1; ; i++)
        {
            IProcessTree tree = Trees.Take();
            try
            {
                return spawn(tree);
            }
            catch (SpawnException e) when (e.Step == SpawnStep.Cgroup && i < Tries)
            {
                // Somebody who may has made of it what takes no process: the next one is another.
                tree.Discard();
            }
            catch
            {
                tree.Release(leftOnPurpose: false);
                throw;
            }
        }
    }

    // The process that was started, and the child of this one that it is or is below.
    private static TProcess Watched<TProcess>(ProcessSpec spec, int leader, int child, SafeFd childFd, IProcessTree tree, Func<SafeFd, TProcess> watch)
    {
        tree.Started(leader, child);
        try
        {
            return watch(childFd);
        }
        catch (Exception e)
        {
            // The process runs but cannot be watched: it is ended and reaped here, for nobody else will.
            _ = LibcProcess.SignalGroup(leader, SignalNames.SIGKILL);
            _ = tree.TryKill(leader);
            _ = LibcProcess.SignalGroup(child, SignalNames.SIGKILL);
            LibcProcess.WaitFor(child);
            childFd.Dispose();
            throw e is NativeException native ? new SpawnException(SpawnStep.Pipe, native.Errno, ProgramPath.Display(spec.Program)) : e;
        }
    }
}
