using System.Text;
using Microsoft.Extensions.Configuration.Ini;

namespace Kuid.Cli.Services;

/// <summary>
/// One line of an INI file that says something: the head of a section, or one of its settings. The reader of .NET gives names and
/// values in no order and without the lines they stand in; here each line is read by itself, so that an error can quote it.
/// </summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Text">The line as it stands there.</param>
/// <param name="Section">The section that it begins or belongs to; null in front of the first.</param>
/// <param name="Key">The setting's name; null for the head of a section.</param>
/// <param name="Value">What it is set to, without the quotes around it.</param>
internal sealed record IniLine(int Number, string Text, string? Section, string? Key, string Value)
{
    // What stands behind a line shows the section that the reader has it in.
    private const string Probe = "=";

    /// <summary>Reads a file's text; comments and empty lines are left out.</summary>
    /// <exception cref="ServicesFileException">A line is neither a section nor a setting.</exception>
    internal static IEnumerable<IniLine> ReadAll(string text)
    {
        string? section = null;
        foreach ((int index, string line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            int number = index + 1;
            if (Read(line, number) is [var (key, value)])
            {
                yield return new IniLine(number, line.Trim(), section, key, value ?? string.Empty);
            }
            else if (SectionIn(line, number) is { } begun)
            {
                section = begun;
                yield return new IniLine(number, line.Trim(), section, Key: null, string.Empty);
            }
        }
    }

    /// <summary>An error that quotes the line.</summary>
    internal ServicesFileException Refuse(string why) => new(Number, Text, why);

    private static string? SectionIn(string line, int number) =>
        Read($"{line}\n{Probe}", number).Single().Key is [.. var name, ':'] ? name : null;

    private static List<KeyValuePair<string, string?>> Read(string lines, int number)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines));
            return [.. IniStreamConfigurationProvider.Read(stream)];
        }
        catch (FormatException)
        {
            throw new ServicesFileException(number, lines.Split('\n')[0].Trim(), "allowed: [SERVICE], NAME = VALUE, and comments behind # or ;");
        }
    }
}
