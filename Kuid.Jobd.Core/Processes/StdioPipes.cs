using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes.Trees;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// The three pipes of a child on their way from pipe2 to their owners. It owns all six ends until
/// <see cref="IntoChild"/> hands the daemon's three over; disposing closes what was not handed over, the child's always.
/// </summary>
internal sealed class StdioPipes : IDisposable
{
    private readonly SafeFd[] _ends = new SafeFd[6];
    private bool _handedOver;

    private StdioPipes()
    {
    }

    /// <summary>The child's ends.</summary>
    internal Stdio Child => new(_ends[0], _ends[1], _ends[2]);

    private SafeFd Stdin => _ends[3];

    private SafeFd Stdout => _ends[4];

    private SafeFd Stderr => _ends[5];

    internal static StdioPipes Open(string target)
    {
        var pipes = new StdioPipes();
        try
        {
            (pipes._ends[0], pipes._ends[3]) = LibcIo.Pipe();
            (pipes._ends[4], pipes._ends[1]) = LibcIo.Pipe();
            (pipes._ends[5], pipes._ends[2]) = LibcIo.Pipe();
            LibcIo.MakeNonBlocking(pipes.Stdin);
            LibcIo.MakeNonBlocking(pipes.Stdout);
            LibcIo.MakeNonBlocking(pipes.Stderr);
            return pipes;
        }
        catch (NativeException e)
        {
            pipes.Dispose();
            throw new SpawnException(SpawnStep.Pipe, e.Errno, target);
        }
    }

    /// <summary>Registers the daemon's ends and the pidfd and hands them to the child's object.</summary>
    /// <exception cref="NativeException">The reactor did not take all of them; they are closed, but the pidfd is the caller's.</exception>
    /// <param name="hasInput">Whether anything will be written to the child; else its input is at its end from the start.</param>
    internal PipedProcess IntoChild(Reactor reactor, Wakes wakes, bool hasInput, int pid, SafeFd pidFd, IProcessTree tree)
    {
        Descriptor? stdin = null, stdout = null, stderr = null;
        try
        {
            stdin = hasInput ? new Descriptor(reactor, Stdin, EpollEvents.Out, wakes) : Descriptor.Closed(reactor, Stdin);
            stdout = new Descriptor(reactor, Stdout, EpollEvents.In, wakes);
            stderr = new Descriptor(reactor, Stderr, EpollEvents.In, wakes);
            var child = new PipedProcess(pid, new Descriptor(reactor, pidFd, EpollEvents.In, wakes), stdin, stdout, stderr, tree);
            _handedOver = true;
            return child;
        }
        catch
        {
            stdin?.Dispose();
            stdout?.Dispose();
            stderr?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        for (int i = 0; i < (_handedOver ? 3 : 6); i++)
        {
            _ends[i]?.Dispose();
        }
    }
}
