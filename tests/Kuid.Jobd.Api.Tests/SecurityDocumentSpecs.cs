using System.Text.RegularExpressions;

namespace Kuid.Jobd.Api.Tests;

/// <summary>SECURITY.md answers each point of the reviewer's checklist with tests and commands: the tests are there, and the bans hold.</summary>
public sealed partial class SecurityDocumentSpecs
{
    private static readonly string Document = File.ReadAllText(Repository.File("SECURITY.md"));

    public static TheoryData<string> Tests() => [.. NamedTest().Matches(Document).Select(match => match.Groups["class"].Value + "." + match.Groups["test"].Value).Distinct(StringComparer.Ordinal)];

    public static TheoryData<string> Bans() => [.. Document.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("grep ", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_test_that_it_names_is_there(string test)
    {
        string[] parts = test.Split('.');
        Directory.EnumerateFiles(Repository.File("tests"), parts[0] + "*.cs", SearchOption.AllDirectories)
            .Should().Contain(file => File.ReadAllText(file).Contains($" {parts[1]}(", StringComparison.Ordinal), "{0} has it", parts[0]);
    }

    [Theory]
    [MemberData(nameof(Bans))]
    public async Task What_it_bans_is_not_in_the_code(string command)
    {
        ToolRun run = await ToolRun.Of("/bin/sh", ["-c", command], workingDirectory: Repository.Root);
        (run.ExitCode, run.Text, run.Stderr).Should().Be((1, string.Empty, string.Empty), "grep finds nothing, and says nothing of missing folders");
    }

    [Fact]
    public void It_has_an_answer_to_each_of_the_twelve_points() =>
        Point().Matches(Document).Select(match => match.Groups["number"].Value).Should().Equal(Enumerable.Range(1, 12).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"`(?<class>[A-Za-z]+Specs)\.(?<test>[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"^(?<number>\d+)\. \*\*.+\.\*\*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Point();
}
