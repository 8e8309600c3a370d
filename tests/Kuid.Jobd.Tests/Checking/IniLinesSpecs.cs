using System.Text;
using Kuid.Jobd.Checking;
using Kuid.TestKit;
using Microsoft.Extensions.Configuration.Ini;

namespace Kuid.Jobd.Tests.Checking;

/// <summary>The reader that knows lines reads what the framework's reads, by which the daemon starts.</summary>
public sealed class IniLinesSpecs
{
    private const int Texts = 20_000;

    private static readonly string[] Parts =
        ["a", "B", "key", " ", "\t", "=", "==", "[", "]", "[s]", ";", "#", "/", "\"", "\"\"", ":", "\n", "\r\n", "\n\n", "\u00fc", "[ s ]", "k=v\n", "[t]\n", "\u00a0"];

    [Fact]
    public void It_agrees_with_the_framework_on_generated_texts()
    {
        int good = 0;
        for (int round = 0; round < Texts; round++)
        {
            var dice = new Dice(FuzzPlan.DefaultSeed, round);
            string text = string.Concat(Enumerable.Range(0, dice.Below(14)).Select(_ => dice.Of(Parts)));
            bool wrong = false;
            IReadOnlyList<IniLine> lines = IniLines.Read(LinesOf(text), (_, _) => wrong = true);
            IDictionary<string, string?>? expected = Framework(text);

            wrong.Should().Be(expected is null, "of {0}", text);
            if (expected is not null)
            {
                good++;
                lines.Select(line => KeyValuePair.Create(line.Key, (string?)line.Value)).Should().BeEquivalentTo(expected, "of {0}", text);
            }
        }

        good.Should().BeInRange(Texts / 100, Texts - (Texts / 100), "both kinds have been seen");
    }

    [Fact]
    public void Every_line_that_is_wrong_is_told_with_its_number()
    {
        var told = new List<string>();

        IReadOnlyList<IniLine> lines = IniLines.Read(
            ["a = 1", "; comment", "words", "[s", "[s]", "a = 2", "A = 3"], (number, mistake) => told.Add($"{number} {mistake}"));

        lines.Should().Equal(new IniLine(1, "a", "1"), new IniLine(6, "s:a", "2"));
        told.Should().Equal(
            "3 \"words\" is neither [section] nor key = value", "4 \"[s\" is neither [section] nor key = value", "7 \"s:A\" was set in line 6 already");
    }

    private static IEnumerable<string> LinesOf(string text)
    {
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static IDictionary<string, string?>? Framework(string text)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return IniStreamConfigurationProvider.Read(stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
