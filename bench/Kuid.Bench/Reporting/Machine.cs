using System.Globalization;
using System.Runtime.InteropServices;
using Kuid.Bench.Load;
using Kuid.Jobd.Core.Storage.Sqlite;

namespace Kuid.Bench.Reporting;

/// <summary>What the figures depend on beside the code.</summary>
internal static class Machine
{
    private const string Unknown = "unknown";

    internal static async Task<IReadOnlyList<string>> DescribeAsync(Workbench bench, CancellationToken cancellation) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {bench.Options.Rounds} rounds"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores of {Processor()}, {Memory() / 1e6:0.0} GB of memory, data folders on {bench.Scratch.FileSystem}"),
        $"Linux {(await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim()}, {RuntimeInformation.OSArchitecture}",
        $"{RuntimeInformation.FrameworkDescription}, SDK {await SayAsync(["dotnet", "--version"], cancellation)}, {SqliteLibrary.Description}",
        $"build {await BuildAsync(cancellation)}, "
            + $"sockproc {(bench.Options.Sockproc is null ? "not given" : "given")}, "
            + $"h2load {await SayAsync(["h2load", "--version"], cancellation)}, webhook {await SayAsync(["webhook", "-version"], cancellation)}",
    ];

    private static async Task<string> SayAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        if (Tool.Find(command[0]) is null)
        {
            return "not installed";
        }

        try
        {
            return (await Tool.RunAsync(command, cancellation)).Trim().Split(' ')[^1];
        }
        catch (CaseFailedException)
        {
            return Unknown;
        }
    }

    // The reports of the last runs are no change of what is measured.
    private static async Task<string> BuildAsync(CancellationToken cancellation)
    {
        string[] sources = ["--", ".", ":!bench/RESULTS.md", ":!bench/MICRO.md"];
        string commit = await SayAsync(["git", "-C", BenchOptions.Root, "log", "-1", "--format=%h", .. sources], cancellation);
        string changes = await SayAsync(["git", "-C", BenchOptions.Root, "status", "--porcelain", "--untracked-files=no", .. sources], cancellation);
        return changes.Length == 0 || commit == Unknown ? commit : commit + " with changes";
    }

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unknown model";

    private static double Memory() => double.Parse(
        File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
