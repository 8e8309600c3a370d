using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// The three descriptors that a process begins with; they may be the same. They stay their owner's, who keeps them open until the
/// process has executed.
/// </summary>
/// <param name="Stdin">Becomes descriptor 0.</param>
/// <param name="Stdout">Becomes descriptor 1.</param>
/// <param name="Stderr">Becomes descriptor 2.</param>
public sealed record Stdio(SafeFd Stdin, SafeFd Stdout, SafeFd Stderr) : IDisposable
{
    /// <summary>
    /// Whether stdin is a terminal that becomes the session's own (TIOCSCTTY): Ctrl-C and a change of its size reach the process. It must
    /// be no other session's.
    /// </summary>
    public bool IsTerminal { get; init; }

    /// <summary>Closes all three, for an owner who has no more use for them.</summary>
    public void Dispose()
    {
        Stdin.Dispose();
        Stdout.Dispose();
        Stderr.Dispose();
    }
}
