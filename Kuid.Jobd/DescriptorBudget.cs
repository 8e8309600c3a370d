using System.Globalization;

namespace Kuid.Jobd;

/// <summary>How many connections the limit on open files allows.</summary>
internal static class DescriptorBudget
{
    // The connection, the job's pidfd, stdout and stderr. Its stdin is mostly closed at once.
    private const int PerConnection = 4;

    // Those who are being refused, for a moment the children's ends of pipes, stdin pipes, spool files, assemblies still to be loaded (two each).
    private const int LeastReserve = 64;
    private const int ReserveShare = 8;

    // The HTTP door, of which programs hold a few connections each, takes at most this share when there are not enough for all.
    private const int HttpShare = 4;

    // What the HTTP door opens after this is reckoned: two for each assembly that it loads, measured with the door in use.
    private const int HttpDoorItself = 80;

    // The connection, its shell's pidfd and socket, the request's three and its text, the job's pidfd.
    private const int PerCoprocess = 8;

    // The doors beside those two take at most this share each.
    private const int CoprocessShare = 8;

    /// <summary>The numbers that are wanted, or less where descriptors would run out first.</summary>
    /// <param name="sockproc">How many connections the sockproc door wants.</param>
    /// <param name="http">How many the HTTP door wants; 0 when there is none.</param>
    /// <param name="promised">How many descriptors other doors may open.</param>
    internal static (int Sockproc, int Http) Connections(int sockproc, int http, long promised = 0) =>
        Connections(sockproc, http, SoftLimit(), Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() + promised);

    /// <summary>The number of coprocess connections that is wanted, or less, and how many descriptors they may open together.</summary>
    internal static (int Connections, long Promised) Coprocess(int wanted) => Coprocess(wanted, SoftLimit());

    /// <summary>The same for a given limit on open files.</summary>
    internal static (int Connections, long Promised) Coprocess(int wanted, long limit)
    {
        int connections = (int)Math.Clamp(limit / CoprocessShare / PerCoprocess, 1, wanted);
        return (connections, (long)connections * PerCoprocess);
    }

    /// <summary>How many callers of services the door takes: a quarter of what the limit on open files allows at most.</summary>
    internal static int Connections(ServicesOptions services) => (int)Math.Clamp(SoftLimit() / (PerConnection * HttpShare), 1, services.Connections);

    /// <summary>The same for a given limit on open files, so many of which are open.</summary>
    internal static (int Sockproc, int Http) Connections(int sockproc, int http, long limit, long open)
    {
        int all = Connections((int)Math.Min((long)sockproc + http, int.MaxValue), limit, http > 0 ? open + HttpDoorItself : open);
        int forHttp = (int)Math.Min(http, Math.Max(Math.Max(1, all / HttpShare), (long)all - sockproc));
        return (Math.Clamp(all - forHttp, 1, sockproc), forHttp);
    }

    /// <summary>The same for a given limit on open files, so many of which are open.</summary>
    internal static int Connections(int wanted, long limit, long open) =>
        (int)Math.Clamp((limit - open - Math.Max(LeastReserve, limit / ReserveShare)) / PerConnection, 1, wanted);

    private static long SoftLimit()
    {
        string line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : int.MaxValue;
    }
}
