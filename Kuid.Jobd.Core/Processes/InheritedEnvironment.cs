namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// What the daemon was started with and its jobs are to be started with: the environment as bytes, and the soft limit on
/// open files, which .NET has since raised to the hard one.
/// </summary>
/// <param name="Variables">The original environment in its order, without the variables that are about the daemon itself.</param>
/// <param name="NofileSoft">The original soft RLIMIT_NOFILE; null when it is not known, and then jobs inherit the daemon's.</param>
public sealed record InheritedEnvironment(IReadOnlyList<byte[]> Variables, ulong? NofileSoft)
{
    /// <summary>Set by the launcher, which runs before .NET raises the limit: decimal digits, or <c>unlimited</c>.</summary>
    public const string NofileVariable = "KUID_LAUNCH_NOFILE";

    /// <summary>Set by the launcher, which makes the daemon one that lets others run on (SCHED_BATCH): <c>batch</c>.</summary>
    public const string SchedulingVariable = "KUID_LAUNCH_SCHEDULING";

    /// <summary>Whether jobs are scheduled as most processes are, as the daemon was before the launcher changed that.</summary>
    public bool HasPlainScheduling { get; init; }

    // About the daemon, its runtime and its supervisor; a job that saw them would talk to the daemon's supervisor.
    private static readonly string[] Private =
    [
        "DOTNET_", "ASPNETCORE_", "KUID_", "NOTIFY_SOCKET=", "LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=",
        "LISTEN_PIDFDID=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "FDSTORE=", "CREDENTIALS_DIRECTORY=",
    ];

    /// <summary>Reads the environment that this process was executed with, from /proc: .NET's own copy is decoded text.</summary>
    public static InheritedEnvironment OfThisProcess() => Parse(File.ReadAllBytes("/proc/self/environ"));

    /// <summary>Splits and filters an environment block: entries that each end with a NUL.</summary>
    public static InheritedEnvironment Parse(ReadOnlySpan<byte> block)
    {
        var variables = new List<byte[]>();
        ulong? nofileSoft = null;
        bool hasPlainScheduling = false;
        foreach (Range range in block.Split((byte)0))
        {
            byte[] entry = block[range].ToArray();
            if (entry.Length == 0)
            {
                continue;
            }

            nofileSoft ??= Nofile(entry);
            hasPlainScheduling |= StartsWith(entry, SchedulingVariable + "=");
            if (!Array.Exists(Private, prefix => StartsWith(entry, prefix)))
            {
                variables.Add(entry);
            }
        }

        return new InheritedEnvironment(variables, nofileSoft) { HasPlainScheduling = hasPlainScheduling };
    }

    private static ulong? Nofile(byte[] entry)
    {
        string prefix = NofileVariable + "=";
        if (!StartsWith(entry, prefix))
        {
            return null;
        }

        // "unlimited" is the launcher's word for leaving the limit alone: .NET has raised it to the hard one, which is as unlimited.
        string value = System.Text.Encoding.ASCII.GetString(entry, prefix.Length, entry.Length - prefix.Length);
        return value == "unlimited" ? ulong.MaxValue
            : ulong.TryParse(value, System.Globalization.NumberStyles.None, null, out ulong soft) ? soft : null;
    }

    private static bool StartsWith(byte[] entry, string prefix)
    {
        if (entry.Length < prefix.Length)
        {
            return false;
        }

        for (int i = 0; i < prefix.Length; i++)
        {
            if (entry[i] != prefix[i])
            {
                return false;
            }
        }

        return true;
    }
}
