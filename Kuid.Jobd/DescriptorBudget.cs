using System.Globalization;
using Kuid.Jobd.Doors.Coprocess;

namespace Kuid.Jobd;

/// <summary>How the descriptors that the limit on open files allows are shared out: to the daemon itself, to the doors, to jobs.</summary>
/// <remarks>
/// An eighth of the limit, at least 64, is the daemon's: its history, its log, what is refused, children's ends of pipes for a moment,
/// and the pipe that .NET opens for each thread it makes, without which it ends the process. Of the rest at most three quarters are for
/// connections, one each, for those that say nothing yet have nothing else; what is left is for jobs, which wait for room before they
/// start (<see cref="Core.Descriptors.DescriptorRoom"/>). So descriptors run out at the doors first, where a client can be told.
/// </remarks>
/// <param name="Sockproc">How many connections the sockproc door serves at once.</param>
/// <param name="Http">How many the HTTP door does.</param>
/// <param name="Coprocess">How many the coprocess door does.</param>
/// <param name="Services">How many the door for callers does.</param>
/// <param name="Registry">How many the door for subservers does.</param>
/// <param name="Jobs">How many descriptors jobs may have open together.</param>
internal sealed record DescriptorBudget(int Sockproc, int Http, int Coprocess, int Services, int Registry, long Jobs)
{
    private const int LeastReserve = 64;
    private const int ReserveShare = 8;

    // Jobs have at least this share of what is not the daemon's own.
    private const int JobShare = 4;

    // When there are not enough for all, the doors beside that of sockproc take at most this share each.
    private const int DoorShare = 8;

    // What the HTTP door opens after this is reckoned: two for each assembly that it loads, measured with the door in use.
    private const int HttpDoorItself = 80;

    /// <summary>What is wanted, or less where descriptors would run out first: by the limits of this process, and what it has open now.</summary>
    internal static DescriptorBudget For(DoorWishes wanted) =>
        For(wanted, SoftLimit(), Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());

    /// <summary>The same for a given limit on open files, so many of which are open.</summary>
    internal static DescriptorBudget For(DoorWishes wanted, long limit, long open)
    {
        long free = limit - open - Math.Max(LeastReserve, limit / ReserveShare) - (wanted.Http > 0 ? HttpDoorItself : 0);
        long connections = Math.Max(0, free - (free / JobShare));
        bool fits = wanted.Sum <= connections;
        int Few(int door) => fits || door == 0 ? door : (int)Math.Clamp(connections / DoorShare, 1, door);
        (int http, int coprocess, int services, int registry) =
            (Few(wanted.Http), Few(wanted.Coprocess), Few(wanted.Services), Few(wanted.Registry));

        // Its sessions keep their room while they are idle: half of what jobs have at least, not more.
        coprocess = (int)Math.Min(coprocess, Math.Max(1, free / JobShare / 2 / CoprocessExchange.Descriptors));
        long others = (long)http + coprocess + services + registry;
        int sockproc = wanted.Sockproc == 0 ? 0 : (int)Math.Clamp(connections - others, 1, wanted.Sockproc);
        return new DescriptorBudget(sockproc, http, coprocess, services, registry, Math.Max(0, free - sockproc - others));
    }

    private static long SoftLimit()
    {
        string line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : int.MaxValue;
    }
}

/// <summary>How many connections each door wants to serve at once; 0 for a door that there is not.</summary>
internal readonly record struct DoorWishes(int Sockproc, int Http = 0, int Coprocess = 0, int Services = 0, int Registry = 0)
{
    /// <summary>Of all.</summary>
    internal long Sum => (long)Sockproc + Http + Coprocess + Services + Registry;
}
