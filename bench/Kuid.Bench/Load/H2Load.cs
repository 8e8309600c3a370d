using System.Globalization;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Load;

/// <summary>Clients of HTTP/1.1 that wait for each answer: h2load of Debian's nghttp2-client, whose log has the microseconds of each request.</summary>
/// <param name="Url">What is posted to.</param>
/// <param name="Socket">The Unix socket that it is reached by; null for the address in the URL.</param>
/// <param name="Status">What every answer has to be.</param>
internal sealed record H2Load(
    Scratch Scratch, string Url, string? Socket, string Body, int Connections, int Requests, int Status, string? Token = null)
{
    private const string Absent = "h2load is not installed (package nghttp2-client)";

    /// <summary>Why it cannot run; null when it can.</summary>
    internal static string? WhyNot => Tool.Find("h2load") is null ? Absent : null;

    /// <summary>The program.</summary>
    /// <exception cref="NotRunException">It is not here.</exception>
    internal static string Program => Tool.Find("h2load") ?? throw new NotRunException(Absent);

    /// <exception cref="CaseFailedException">An answer was not what it had to be.</exception>
    internal async Task<Figures> RunAsync(CancellationToken cancellation)
    {
        string body = Scratch.NewPath("body");
        string log = Scratch.NewPath("h2load");
        await File.WriteAllTextAsync(body, Body, cancellation);
        await Tool.RunAsync(
            [
                Program, "--h1", "-n", Requests.ToString(CultureInfo.InvariantCulture), "-c", Connections.ToString(CultureInfo.InvariantCulture),
                "-d", body, "-H", "content-type: application/json", "--log-file", log,
                .. Token is null ? [] : new[] { "-H", "authorization: Bearer " + Token },
                .. Socket is null ? [] : new[] { "-B", "unix:" + Socket },
                Url,
            ],
            cancellation);
        return Parse(await File.ReadAllLinesAsync(log, cancellation), Requests, Status);
    }

    /// <summary>Reads its log: a line for each request with its start (microseconds since 1970), its status and its microseconds.</summary>
    /// <exception cref="CaseFailedException">There are not as many lines, or with another status.</exception>
    internal static Figures Parse(IReadOnlyList<string> log, int requests, int status)
    {
        long[][] lines = [.. log.Select(line => line.Split('\t').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
        long[]? other = lines.FirstOrDefault(line => line[1] != status);
        if (lines.Length != requests || other is not null)
        {
            throw new CaseFailedException(other is null
                ? $"{lines.Length} of {requests} requests were answered"
                : $"an answer was {other[1]} and not {status}");
        }

        double seconds = (lines.Max(line => line[0] + line[2]) - lines.Min(line => line[0])) / 1e6;
        double[] latencies = [.. lines.Select(line => line[2] / 1e3)];
        return new Figures(requests / seconds, Percentile.Of(latencies, 50), Percentile.Of(latencies, 99));
    }
}
