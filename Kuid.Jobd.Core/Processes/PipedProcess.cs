using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Processes.Trees;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// A process on three pipes of the daemon's. It owns the write end of the child's stdin and the read ends of its stdout and stderr;
/// the child's ends were closed in the daemon when the child was started.
/// </summary>
public sealed class PipedProcess : ChildProcess
{
    internal PipedProcess(int pid, Descriptor pidFd, Descriptor stdin, Descriptor stdout, Descriptor stderr, IProcessTree tree)
        : base(pid, pidFd, tree)
    {
        Stdin = stdin;
        Stdout = stdout;
        Stderr = stderr;
    }

    /// <summary>Where the child's standard input is written to.</summary>
    public Descriptor Stdin { get; }

    /// <summary>Where the child's standard output is read from.</summary>
    public Descriptor Stdout { get; }

    /// <summary>Where the child's standard error is read from.</summary>
    public Descriptor Stderr { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Stdin.Dispose();
            Stdout.Dispose();
            Stderr.Dispose();
        }

        base.Dispose(disposing);
    }
}
