using System.Collections;
using System.Globalization;
using Kuid.Jobd.Doors;

namespace Kuid.Jobd;

/// <summary>Sockets that a supervisor listens on and hands over: LISTEN_FDS from descriptor 3 on (sd_listen_fds(3)).</summary>
internal static class InheritedSockets
{
    private const int First = 3;

    /// <summary>How many there are for this process; variables meant for another are not for it.</summary>
    /// <exception cref="StartException">The number is none.</exception>
    internal static int Count(IDictionary variables)
    {
        if (variables["LISTEN_FDS"] is not string count
            || variables["LISTEN_PID"] is not string pid
            || pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            return 0;
        }

        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n < 1000
            ? n
            : throw new StartException($"LISTEN_FDS \"{count}\": allowed: the number of sockets from descriptor 3 on", ExitCode.Usage);
    }

    /// <summary>Takes them over.</summary>
    /// <exception cref="StartException">One is not a socket that listens.</exception>
    internal static IEnumerable<ListeningSocket> Take(int count) => Enumerable.Range(First, count).Select(ListeningSocket.Inherited);
}
