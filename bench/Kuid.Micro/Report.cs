using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Reports;
using Kuid.Bench;
using Kuid.Jobd.Core.Storage.Sqlite;

namespace Kuid.Micro;

/// <summary>What stands in MICRO.md.</summary>
internal static class Report
{
    /// <summary>Where it stands: beside the project, wherever it is run from.</summary>
    internal static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(SourceFolder(), "..", "MICRO.md"));

    /// <summary>What else the machine had to do; asked before the benchmarks are part of it.</summary>
    internal static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>The tables, each below what they depend on beside the code.</summary>
    internal static string Write(string load, IReadOnlyList<Summary> summaries)
    {
        var text = new StringBuilder("# Micro-benchmarks\n\n");
        text.Append("Made by `dotnet run -c Release --project bench/Kuid.Micro`; what each asks is in `README.md`.\n\n");
        foreach (string line in Machine(load, summaries[0].HostEnvironmentInfo))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        }

        foreach (Summary summary in summaries)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {summary.BenchmarksCases[0].Descriptor.Type.Name}\n\n");
            Append(text, summary.Table);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Machine(string load, HostEnvironmentInfo host)
    {
        using var scratch = new Scratch(parent: null);
        yield return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        yield return $"load of the machine before it began: {load}; of a quiet one it is next to nothing";
        yield return $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}";
        yield return $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {SqliteLibrary.Description}, histories on {scratch.FileSystem}";
        foreach (string line in host.ToFormattedString())
        {
            yield return line.Trim();
        }
    }

    private static void Append(StringBuilder text, SummaryTable table)
    {
        List<SummaryTable.SummaryTableColumn> columns = [.. table.Columns.Where(column => column.NeedToShow)];
        AppendRow(text, columns.Select(column => column.Header));
        AppendRow(text, columns.Select(column => column.Justify == SummaryTable.SummaryTableColumn.TextJustification.Right ? "---:" : "---"));
        for (int row = 0; row < table.FullContent.Length; row++)
        {
            AppendRow(text, columns.Select(column => column.Content[row]));
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Trim('\'').Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private static string SourceFolder([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
