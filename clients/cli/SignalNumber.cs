using System.Globalization;

namespace Kuid.Cli;

/// <summary>The signals by name (signal(7); the numbers are equal on x86-64 and aarch64).</summary>
internal static class SignalNumber
{
    private const int Highest = 64;

    private static readonly string[] Names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>9 for <c>SIGKILL</c>, <c>KILL</c>, <c>kill</c>, <c>9</c> and <c>SIG9</c>.</summary>
    /// <returns>The number, or null when that is no signal.</returns>
    internal static int? Of(string signal)
    {
        ReadOnlySpan<char> name = signal.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? signal.AsSpan(3) : signal;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is > 0 and <= Highest ? number : null;
        }

        for (int i = 1; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return null;
    }
}
