using System.Globalization;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Processes;

/// <summary>Reads which process a number means now.</summary>
public static class ProcessIdentities
{
    // Field 22 of /proc/PID/stat, counted from the one after the name's closing parenthesis (proc(5)).
    private const int StartTimeAfterName = 19;

    // Clock ticks are a hundredth of a second in everything that the kernel tells (USER_HZ).
    private const double TicksPerSecond = 100;

    /// <summary>The id of this boot of the machine.</summary>
    internal static string ThisBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>How long ago a process of this boot was started, suspended time included.</summary>
    internal static TimeSpan AgeOf(ProcessIdentity process)
    {
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(Math.Max(0, uptime - (process.StartTicks / TicksPerSecond)));
    }

    /// <summary>The process that has a number now; null when none has.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        return Stat(pid) is { } fields
            ? new ProcessIdentity(ThisBoot, long.Parse(fields[StartTimeAfterName], CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether a process has ended and nobody has collected it.</summary>
    public static bool IsZombie(int pid) => Stat(pid) is ["Z", ..];

    private static string[]? Stat(int pid)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or gone while it was read (ESRCH).
            return null;
        }
    }
}
