using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Core.Processes;

/// <summary>What to execute: bytes throughout, as the kernel takes them.</summary>
/// <param name="Program">The path of the program, or a name without a slash, which is looked for on PATH.</param>
/// <param name="Argv">The arguments, the program's own name first.</param>
public sealed record ProcessSpec(byte[] Program, IReadOnlyList<byte[]> Argv)
{
    private static readonly byte[] ShellPath = "/bin/sh"u8.ToArray();
    private static readonly byte[] ShellCommandFlag = "-c"u8.ToArray();

    /// <summary>Variables, each <c>NAME=value</c>, which replace those of the same name in the daemon's original environment.</summary>
    public IReadOnlyList<byte[]> Environment { get; init; } = [];

    /// <summary>Whether those are the whole environment.</summary>
    public bool ClearEnvironment { get; init; }

    /// <summary>The directory to start in; null for the daemon's.</summary>
    public byte[]? WorkingDirectory { get; init; }

    /// <summary>What it may use of the machine; null for what the daemon may.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>What keeps it from what the daemon may; null for nothing.</summary>
    public IsolationMeasures? Isolation { get; init; }

    /// <summary>
    /// Whether it gets SIGTERM when the daemon ends, however it ends: for what serves the daemon. Jobs do not; what they are is told from
    /// the history at the next start.
    /// </summary>
    public bool EndsWithDaemon { get; init; }

    /// <summary>A command for <c>/bin/sh -c</c>.</summary>
    public static ProcessSpec Shell(byte[] command) => new(ShellPath, [ShellPath, ShellCommandFlag, command]);

    /// <summary>The command of a shell; null for another program.</summary>
    internal byte[]? ShellCommand => ReferenceEquals(Program, ShellPath) && Argv is [_, _, var command] ? command : null;

    /// <summary>The same with another command for the shell.</summary>
    internal ProcessSpec WithCommand(byte[] command) => this with { Program = ShellPath, Argv = [ShellPath, ShellCommandFlag, command] };

    /// <summary>The whole environment; null when it is the inherited one as it stands.</summary>
    internal IReadOnlyList<byte[]>? EnvironmentOn(InheritedEnvironment inherited)
    {
        if (ClearEnvironment)
        {
            return Environment;
        }

        return Environment.Count == 0
            ? Isolation?.Environment
            : [.. (Isolation?.Environment ?? inherited.Variables).Where(variable => !Environment.Any(own => SameName(own, variable))), .. Environment];
    }

    private static bool SameName(byte[] a, byte[] b) => NameOf(a).SequenceEqual(NameOf(b));

    private static ReadOnlySpan<byte> NameOf(byte[] variable) =>
        variable.AsSpan().IndexOf((byte)'=') is var end and >= 0 ? variable.AsSpan(0, end) : variable;
}
