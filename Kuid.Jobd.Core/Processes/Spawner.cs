using System.Collections.Concurrent;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// Starts the processes of jobs: the only place in the daemon that does. Each gets its own session, default signals, an empty mask,
/// three pipes for its stdio and nothing else open, the environment and the soft NOFILE that the daemon was started with.
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
    private readonly BlockingCollection<Order> _orders = [];
    private readonly Thread[] _threads;

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

    /// <summary>Starts a process; completes when it has executed.</summary>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    public Task<ChildProcess> SpawnAsync(ProcessSpec spec)
    {
        var order = new Order(spec);
        _orders.Add(order);
        return order.Task;
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
        foreach (Order order in _orders.GetConsumingEnumerable())
        {
            try
            {
                ChildProcess child = Spawn(order.Spec);
                JobMeter.Started(order.Given);
                order.SetResult(child);
            }
            catch (Exception e)
            {
                order.SetException(e);
            }
        }
    }

    private ChildProcess Spawn(ProcessSpec spec)
    {
        string target = ProgramPath.Display(spec.Program);
        using var pipes = StdioPipes.Open(target);
        (int pid, SafeFd pidFd) = SpawnCall.Execute(
            spec, [pipes.ChildStdin, pipes.ChildStdout, pipes.ChildStderr], _inherited, _inheritedEnvp);
        try
        {
            return pipes.IntoChild(_reactor, pid, pidFd);
        }
        catch (Exception e)
        {
            // The process runs but cannot be watched: it is ended and reaped here, for nobody else will.
            _ = LibcProcess.SignalGroup(pid, SignalNames.SIGKILL);
            LibcProcess.WaitFor(pid);
            pidFd.Dispose();
            throw e is NativeException native ? new SpawnException(SpawnStep.Pipe, native.Errno, target) : e;
        }
    }

    private sealed class Order(ProcessSpec spec)
        : TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal ProcessSpec Spec { get; } = spec;

        /// <summary>When it was given, by the stopwatch.</summary>
        internal long Given { get; } = System.Diagnostics.Stopwatch.GetTimestamp();
    }
}
