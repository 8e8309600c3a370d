using System.Globalization;

namespace Kuid.Jobd.Core.Processes;

/// <summary>How a process ended, exactly as wait(2) says it: <c>code &lt;&lt; 8</c>, or the signal, with 0x80 for a core dump.</summary>
/// <param name="Raw">The raw number, which the sockproc reply carries.</param>
public readonly record struct WaitStatus(int Raw)
{
    private const int CoreFlag = 0x80;
    private const int SignalMask = 0x7f;

    /// <summary>The status of a process that exits with a code of 0 to 255.</summary>
    public static WaitStatus OfExitCode(int code) => new((code & 0xff) << 8);

    /// <summary>0 to 255 for a process that exited, null for one that a signal ended.</summary>
    public int? ExitCode => (Raw & SignalMask) == 0 ? (Raw >> 8) & 0xff : null;

    /// <summary>The number of the signal that ended it, null for a process that exited.</summary>
    public int? Signal => (Raw & SignalMask) == 0 ? null : Raw & SignalMask;

    /// <summary>What a shell has in <c>$?</c> afterwards: the code, or 128 and the signal's number.</summary>
    public int ShellStatus => ExitCode ?? 128 + Signal!.Value;

    /// <summary>Whether the kernel wrote a core dump.</summary>
    public bool DumpedCore => Signal is not null && (Raw & CoreFlag) != 0;

    /// <summary>Whether it exited with 0.</summary>
    public bool Succeeded => Raw == 0;

    /// <summary>For the log: <c>exit 3</c>, <c>SIGKILL</c>, <c>SIGABRT, core dumped</c>.</summary>
    public override string ToString() => this switch
    {
        { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit {code}"),
        { DumpedCore: true } => $"{SignalNames.Of(Raw & SignalMask)}, core dumped",
        _ => SignalNames.Of(Raw & SignalMask),
    };
}
