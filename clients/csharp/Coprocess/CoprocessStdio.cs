using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Client.Coprocess;

/// <summary>The three descriptors that a request is executed on. They stay their owner's; the process gets copies.</summary>
/// <param name="Stdin">Becomes descriptor 0.</param>
/// <param name="Stdout">Becomes descriptor 1.</param>
/// <param name="Stderr">Becomes descriptor 2.</param>
public sealed record CoprocessStdio(SafeHandle Stdin, SafeHandle Stdout, SafeHandle Stderr)
{
    /// <summary>Those that this process was started with.</summary>
    public static CoprocessStdio Own { get; } = new(Standard(0), Standard(1), Standard(2));

    /// <summary>One terminal as all three.</summary>
    public static CoprocessStdio Terminal(SafeHandle terminal) => new(terminal, terminal, terminal);

    private static SafeFileHandle Standard(int number) => new(number, ownsHandle: false);
}
