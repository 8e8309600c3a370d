using System.Globalization;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>A process as <c>/proc/PID/stat</c> shows it (proc(5)).</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">Its parent's.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="IsZombie">Whether it has ended and is not reaped.</param>
/// <param name="StartTicks">When it started, which tells it from a later one with its number.</param>
internal readonly record struct ProcessEntry(int Pid, int Parent, int Group, int Session, bool IsZombie, long StartTicks);

/// <summary>One look at all processes. It takes some milliseconds, and those that come and go meanwhile may be missing.</summary>
internal static class ProcessScan
{
    // state, ppid, pgrp and session follow the name; starttime is field 22, counted from the state, which is 3.
    private const int State = 0;
    private const int Parent = 1;
    private const int Group = 2;
    private const int Session = 3;
    private const int StartTicks = 19;

    /// <summary>All that can be seen.</summary>
    internal static List<ProcessEntry> All()
    {
        var all = new List<ProcessEntry>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Of(pid) is { } entry)
            {
                all.Add(entry);
            }
        }

        return all;
    }

    /// <summary>The process that has a number now; null when none has.</summary>
    internal static ProcessEntry? Of(int pid)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(
                pid, Number(fields[Parent]), Number(fields[Group]), Number(fields[Session]), fields[State] is "Z" or "X",
                long.Parse(fields[StartTicks], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
