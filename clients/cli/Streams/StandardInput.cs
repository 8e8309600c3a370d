namespace Kuid.Cli.Streams;

/// <summary>What descriptor 0 is.</summary>
internal static class StandardInput
{
    // O_CLOEXEC among the flags of open(2), the same on all of .NET's architectures.
    private const long CloseOnExec = 0x80000;

    /// <summary>
    /// Whether there is anything in it. Where kuid was started without one, descriptor 0 is something of the runtime's, which would be
    /// read for ever; the runtime's own are closed on exec, and an inherited one cannot be.
    /// </summary>
    internal static bool IsWorthReading()
    {
        try
        {
            return File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false)?.FullName is not "/dev/null"
                && (Convert.ToInt64(Flags("/proc/self/fdinfo/0"), 8) & CloseOnExec) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The line "flags:	0100002" (proc(5)): the octal flags of open(2).
    private static string Flags(string fdInfo) =>
        File.ReadLines(fdInfo).First(line => line.StartsWith("flags:", StringComparison.Ordinal))["flags:".Length..].Trim();
}
