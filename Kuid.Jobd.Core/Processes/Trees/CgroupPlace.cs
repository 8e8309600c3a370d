using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>Where in the cgroup v2 hierarchy this process is, which is where it may make cgroups of its own.</summary>
public static class CgroupPlace
{
    /// <summary>The directory of the cgroup that this process is in.</summary>
    /// <exception cref="TreesException">There is none, or it is not to be seen from here.</exception>
    public static string OfThisProcess() => Find(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>The directory of the cgroup that another process is in, as it is seen from here.</summary>
    /// <exception cref="IOException">There is none, or no such process.</exception>
    internal static string Of(int process) =>
        Find(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cgroup")), File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>The same from the text of <c>/proc/self/cgroup</c> (cgroups(7)) and <c>/proc/self/mountinfo</c> (proc(5)).</summary>
    /// <exception cref="TreesException">There is none, or it is not to be seen from here.</exception>
    public static string Find(string cgroups, string mounts)
    {
        // 0::/PATH is the line of v2, whatever hierarchies of v1 there are beside it.
        const string Line = "0::";
        string own = cgroups.Split('\n').FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal))?[Line.Length..]
            ?? throw new TreesException("this kernel has no cgroup v2");
        bool isMounted = false;
        foreach (string mount in mounts.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS
            string[] fields = mount.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator < 0 || fields.Length <= separator + 1 || fields[separator + 1] != "cgroup2")
            {
                continue;
            }

            isMounted = true;
            string root = Unescape(fields[3]).TrimEnd('/');
            if ((own + "/").StartsWith(root + "/", StringComparison.Ordinal) && !own.StartsWith("/..", StringComparison.Ordinal))
            {
                return Unescape(fields[4]) + own[root.Length..].TrimEnd('/');
            }
        }

        throw new TreesException(isMounted ? $"its cgroup {own} is not below any mount of cgroup v2" : "cgroup v2 is not mounted");
    }

    // Space, tab, newline and backslash are \ooo.
    private static string Unescape(string field)
    {
        const int Octal = 3;
        var text = new StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + Octal < field.Length)
            {
                text.Append((char)Convert.ToInt32(field.Substring(i + 1, Octal), 8));
                i += Octal;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}

/// <summary>Why trees cannot be had in the way that was tried.</summary>
/// <param name="message">What is in the way.</param>
/// <param name="cause">What was thrown there.</param>
public sealed class TreesException(string message, Exception? cause = null) : IOException(message, cause);
