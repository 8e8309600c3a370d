using System.Globalization;

namespace Kuid.Jobd.Core.Processes;

/// <summary>The signals by number and name (signal(7); equal on x86-64 and aarch64).</summary>
public static class SignalNames
{
    /// <summary>SIGHUP: whoever was there has gone.</summary>
    public const int SIGHUP = 1;

    /// <summary>SIGINT: Ctrl-C.</summary>
    public const int SIGINT = 2;

    /// <summary>SIGKILL, which nothing can refuse.</summary>
    public const int SIGKILL = 9;

    /// <summary>SIGTERM, the polite one.</summary>
    public const int SIGTERM = 15;

    /// <summary>SIGSTOP, which nothing can be deaf to.</summary>
    public const int SIGSTOP = 19;

    /// <summary>SIGCONT, without which a stopped process never sees its SIGTERM.</summary>
    public const int SIGCONT = 18;

    // The last of the real-time signals (signal(7)).
    private const int LastSignal = 64;

    private static readonly string[] Names =
    [
        "SIG0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary><c>SIGTERM</c> for 15; <c>SIG40</c> for the numbers without a name.</summary>
    public static string Of(int signal) => signal > 0 && signal < Names.Length
        ? Names[signal]
        : string.Create(CultureInfo.InvariantCulture, $"SIG{signal}");

    /// <summary>The number for <c>SIGTERM</c>, <c>TERM</c>, <c>term</c> or <c>15</c>; null for what is none from 1 to 64.</summary>
    public static int? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is > 0 and <= LastSignal ? number : null;
        }

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text : "SIG" + text;
        int index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index > 0 ? index : null;
    }
}
