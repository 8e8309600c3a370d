using System.Text.RegularExpressions;

namespace Kuid.Readme.Tests;

/// <summary>One command of a console example and what the README says it prints.</summary>
/// <param name="Command">The words after the prompt.</param>
/// <param name="Output">The lines up to the next prompt.</param>
internal sealed record Step(string Command, IReadOnlyList<string> Output);

/// <summary>The console examples of a Markdown file: fenced blocks whose lines are prompts, commands and output.</summary>
internal static partial class Transcript
{
    private const string Prompt = "$ ";

    internal static IReadOnlyList<IReadOnlyList<Step>> Of(string markdown) =>
        [.. Block().Matches(markdown).Select(block => Steps(block.Groups["steps"].Value))];

    private static List<Step> Steps(string block)
    {
        var steps = new List<Step>();
        foreach (string line in block.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                steps.Add(new Step(line[Prompt.Length..], []));
            }
            else
            {
                steps[^1] = steps[^1] with { Output = [.. steps[^1].Output, line] };
            }
        }

        return steps;
    }

    [GeneratedRegex("^```console\n(?<steps>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Block();
}
