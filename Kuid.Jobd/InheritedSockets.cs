using System.Collections;
using System.Globalization;
using Kuid.Jobd.Doors;

namespace Kuid.Jobd;

/// <summary>Sockets that a supervisor listens on and hands over: LISTEN_FDS from descriptor 3 on (sd_listen_fds(3)).</summary>
internal static class InheritedSockets
{
    private const int First = 3;
    private const string HttpName = "http";

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

    /// <summary>The names that LISTEN_FDNAMES gives them, in their order; what has none has an empty one.</summary>
    /// <exception cref="StartException">The number is none, or there are not as many names.</exception>
    internal static IReadOnlyList<string> Names(IDictionary variables)
    {
        int count = Count(variables);
        string[] names = count > 0 && variables["LISTEN_FDNAMES"] is string { Length: > 0 } text ? text.Split(':') : [.. Enumerable.Repeat(string.Empty, count)];
        return names.Length == count
            ? names
            : throw new StartException($"LISTEN_FDNAMES \"{variables["LISTEN_FDNAMES"]}\": allowed: {count} names with colons between them", ExitCode.Usage);
    }

    /// <summary>Takes those over that are for the HTTP door: <c>FileDescriptorName=http</c> of a socket unit.</summary>
    /// <exception cref="StartException">One is not a socket that listens.</exception>
    internal static IEnumerable<ListeningSocket> ForHttp(IReadOnlyList<string> names) => Take(names, isHttp: true);

    /// <summary>Takes the others over, whatever their name is.</summary>
    /// <exception cref="StartException">One is not a socket that listens.</exception>
    internal static IEnumerable<ListeningSocket> ForSockproc(IReadOnlyList<string> names) => Take(names, isHttp: false);

    private static IEnumerable<ListeningSocket> Take(IReadOnlyList<string> names, bool isHttp) =>
        names.Index().Where(each => (each.Item == HttpName) == isHttp).Select(each => ListeningSocket.Inherited(First + each.Index));
}
