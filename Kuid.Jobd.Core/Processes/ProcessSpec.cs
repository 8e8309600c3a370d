namespace Kuid.Jobd.Core.Processes;

/// <summary>What to execute: bytes throughout, as the kernel takes them.</summary>
/// <param name="Program">The path of the program, or a name without a slash, which is looked for on PATH.</param>
/// <param name="Argv">The arguments, the program's own name first.</param>
/// <param name="Environment">The whole environment, each entry <c>NAME=value</c>; null for the daemon's original one.</param>
/// <param name="WorkingDirectory">The directory to start in; null for the daemon's.</param>
public sealed record ProcessSpec(
    byte[] Program, IReadOnlyList<byte[]> Argv, IReadOnlyList<byte[]>? Environment = null, byte[]? WorkingDirectory = null)
{
    private static readonly byte[] ShellPath = "/bin/sh"u8.ToArray();
    private static readonly byte[] ShellCommandFlag = "-c"u8.ToArray();

    /// <summary>A command for <c>/bin/sh -c</c>.</summary>
    public static ProcessSpec Shell(byte[] command, IReadOnlyList<byte[]>? environment = null, byte[]? workingDirectory = null) =>
        new(ShellPath, [ShellPath, ShellCommandFlag, command], environment, workingDirectory);
}
