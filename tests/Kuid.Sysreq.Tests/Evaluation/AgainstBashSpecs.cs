using System.Text;
using Kuid.Sysreq.Pipeline;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>What is bash's language prints what bash prints: generated scripts, run by both.</summary>
public sealed class AgainstBashSpecs
{
    private const int Snippets = 300;

    public static TheoryData<string> Kinds => [.. BashSnippets.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bash_prints_the_same(string kind)
    {
        if (!ToolRun.Exists("bash"))
        {
            Assert.Skip("there is no bash to compare with");
        }

        using TempFolder folder = Files();
        string[] snippets = [.. Enumerable.Range(0, Snippets).Select(round => BashSnippets.Kinds[kind](new BashSnippets(new Dice(5, round))))];
        var script = new StringBuilder(BashSnippets.Prelude).Append('\n');
        for (int at = 0; at < snippets.Length; at++)
        {
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"echo '--- {at}'\n( {snippets[at]} )\n");
        }

        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8", ["HOME"] = "/home/somebody" };
        ToolRun bash = await ToolRun.Of("bash", ["--norc"], Encoding.UTF8.GetBytes("shopt -s globstar\n" + script), environment, folder.Path);
        Outcome ours = await Shells.RunAsync(script.ToString(), new SessionOptions
        {
            Directory = folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/home/somebody" },
        });

        Dictionary<string, string> theirs = Sections(bash.Text);
        Dictionary<string, string> mine = Sections(ours.Output);
        theirs.Should().HaveCount(Snippets, "bash runs every snippet; it said: {0}", bash.Stderr);
        string[] differences =
        [
            .. theirs.Where(section => mine.GetValueOrDefault(section.Key) != section.Value)
                .Select(section => $"{snippets[int.Parse(section.Key, System.Globalization.CultureInfo.InvariantCulture)]}\n  bash: {Shown(section.Value)}\n  ours: {Shown(mine.GetValueOrDefault(section.Key))}"),
        ];
        differences.Should().BeEmpty("{0} of {1} differ, and said {2}", differences.Length, Snippets, ours.Errors);
    }

    private static TempFolder Files()
    {
        var folder = new TempFolder();
        foreach (string name in new[] { "abc", "a c", "b.txt", ".hidden", "é", "aXc", "a*c" })
        {
            File.WriteAllText(Path.Combine(folder.Path, name), "content\n");
        }

        File.WriteAllText(Path.Combine(folder.Path, "empty"), "");
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub", "deep"));
        File.WriteAllText(Path.Combine(folder.Path, "sub", "b"), "");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), "sub");
        return folder;
    }

    private static Dictionary<string, string> Sections(string output) =>
        output.Split("--- ").Skip(1).Select(section => section.Split('\n', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string Shown(string? text) => text is null ? "nothing" : text.Replace("\n", "|", StringComparison.Ordinal);
}
