using System.Globalization;

namespace Kuid.Bench.Load;

/// <summary>Clients of the sockproc protocol that wait for each answer: bench/crlfload.c, which checks every reply to its last byte.</summary>
internal sealed record CrlfLoad(string Socket, int Connections, int Requests, string Command, long StdinBytes = 0)
{
    /// <exception cref="CaseFailedException">A reply was bad.</exception>
    internal async Task<Figures> RunAsync(CancellationToken cancellation) => Parse(await Tool.RunAsync(
        [
            Built.Program("crlfload"), Socket, Connections.ToString(CultureInfo.InvariantCulture), Requests.ToString(CultureInfo.InvariantCulture),
            Command, StdinBytes.ToString(CultureInfo.InvariantCulture),
        ],
        cancellation));

    /// <summary>Reads its line: <c>requests=3000 bad=0 rate=1500/s p50=5.01ms p99=9.80ms max=12.00ms MB/s=0.1</c>.</summary>
    internal static Figures Parse(string line)
    {
        Dictionary<string, double> figures = line.Split(' ', StringSplitOptions.TrimEntries)
            .Select(word => word.Split('='))
            .ToDictionary(
                pair => pair[0],
                pair => double.Parse(pair[1].TrimEnd('/', 's', 'm'), CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
        return new Figures(figures["rate"], figures["p50"], figures["p99"]);
    }
}
