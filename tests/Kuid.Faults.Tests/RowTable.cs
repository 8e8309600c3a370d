using System.Globalization;
using System.Text.RegularExpressions;

namespace Kuid.Faults.Tests;

/// <summary>A row of the fault catalogue as tests/rows.tsv has it: number, fault, and `automated` or why it is not.</summary>
internal sealed record Row(int Number, string Fault, string Status)
{
    internal bool IsAutomated => Status == "automated";
}

/// <summary>The table of rows, and what the sources of the tests say of it.</summary>
internal static partial class RowTable
{
    internal static IReadOnlyList<Row> Read() =>
    [
        .. File.ReadLines(Repository.File("tests/rows.tsv")).Select(line => line.Split('\t'))
            .Select(fields => new Row(int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2])),
    ];

    /// <summary>The rows that tests bear in their names, with one of those names each.</summary>
    internal static IReadOnlyDictionary<int, string> Tested() => Sources()
        .SelectMany(file => Names(File.ReadAllText(file)))
        .SelectMany(name => RowsOf(name).Select(row => (row, name)))
        .GroupBy(pair => pair.row).ToDictionary(group => group.Key, group => group.First().name);

    /// <summary>The names of tests in a source: methods in C#, functions of C and shell.</summary>
    internal static IEnumerable<string> Names(string source) => TestName().Matches(source).Select(match => match.Groups["name"].Value);

    /// <summary>The rows that a name bears: <c>Row_3_...</c> one, <c>Rows_7_and_9_...</c> and <c>Rows_7_8_and_9_...</c> several.</summary>
    internal static IEnumerable<int> RowsOf(string name) => NumbersOfName().Match(name) is { Success: true } match
        ? match.Groups["row"].Captures.Select(row => int.Parse(row.Value, CultureInfo.InvariantCulture))
        : [];

    private static IEnumerable<string> Sources() =>
    [
        .. Directory.EnumerateFiles(Repository.File("tests"), "*.cs", SearchOption.AllDirectories).Where(IsSource),
        .. Directory.EnumerateFiles(Repository.File("daemon-c/tests"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".c" or ".sh"),
    ];

    private static bool IsSource(string file) =>
        !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal);

    // A name that is called or declared; in the C tests names are small letters.
    [GeneratedRegex(@"\b(?<name>[Rr]ows?_[0-9]\w*)\s*\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^([Rr]ow_(?<row>[0-9]+)_|[Rr]ows_(?<row>[0-9]+)((_and)?_(?<row>[0-9]+))*_)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NumbersOfName();
}
