using System.Globalization;

namespace Kuid.Bench.Load;

/// <summary>Clients of the sockproc protocol that wait for each answer: bench/crlfload.c, which checks every reply to its last byte.</summary>
/// <param name="StdinBytes">How much input goes with each request.</param>
/// <param name="StdoutBytes">How much output each reply has at least.</param>
internal sealed record CrlfLoad(string Socket, int Connections, int Requests, string Command, long StdinBytes = 0, long StdoutBytes = 0)
{
    /// <exception cref="CaseFailedException">A reply was bad.</exception>
    internal async Task<Figures> RunAsync(CancellationToken cancellation) => Parse(
        await Tool.RunAsync(
            [
                Built.Program("crlfload"), Socket, Connections.ToString(CultureInfo.InvariantCulture), Requests.ToString(CultureInfo.InvariantCulture),
                Command, StdinBytes.ToString(CultureInfo.InvariantCulture),
            ],
            cancellation),
        Requests * StdoutBytes);

    /// <summary>Reads its line: <c>requests=3000 bad=0 rate=1500/s p50=5.01ms p99=9.80ms max=12.00ms MB/s=0.1 bytes=60000</c>.</summary>
    /// <exception cref="CaseFailedException">The replies were shorter than this in all.</exception>
    internal static Figures Parse(string line, long leastBytes)
    {
        Dictionary<string, double> figures = line.Split(' ', StringSplitOptions.TrimEntries)
            .Select(word => word.Split('='))
            .ToDictionary(
                pair => pair[0],
                pair => double.Parse(pair[1].TrimEnd('/', 's', 'm'), CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
        if (figures["bytes"] < leastBytes)
        {
            throw new CaseFailedException($"the replies have {figures["bytes"]} bytes and not at least {leastBytes}");
        }

        return new Figures(figures["rate"], figures["p50"], figures["p99"]);
    }
}
