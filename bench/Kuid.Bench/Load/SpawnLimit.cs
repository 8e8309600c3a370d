using System.Globalization;
using System.Text.RegularExpressions;

namespace Kuid.Bench.Load;

/// <summary>How many programs a second this machine can run with no daemon at all: bench/spawnlimit.c.</summary>
/// <param name="Requests">How many are run in all.</param>
/// <param name="Command">The program and its arguments; nothing for <c>/bin/sh -c true</c>.</param>
internal sealed partial record SpawnLimit(int Requests, params IReadOnlyList<string> Command)
{
    /// <summary>The machine's limit is that of its cores; the goals are for two.</summary>
    internal const int Threads = 2;

    internal async Task<Figures> RunAsync(CancellationToken cancellation) => Parse(await Tool.RunAsync(
        [
            Built.Program("spawnlimit"), Threads.ToString(CultureInfo.InvariantCulture), (Requests / Threads).ToString(CultureInfo.InvariantCulture),
            .. Command,
        ],
        cancellation));

    /// <summary>Reads its line: <c>threads=2 2434/s 0.821ms each</c>.</summary>
    internal static Figures Parse(string line)
    {
        Match match = Line().Match(line);
        return match.Success
            ? new Figures(double.Parse(match.Groups["rate"].Value, CultureInfo.InvariantCulture))
            : throw new CaseFailedException($"spawnlimit said {line.Trim()}");
    }

    [GeneratedRegex("^threads=[0-9]+ (?<rate>[0-9]+)/s ", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
