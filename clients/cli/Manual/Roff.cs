using System.Globalization;
using System.Text;

namespace Kuid.Cli.Manual;

/// <summary>Text in the macros of man(7).</summary>
internal sealed class Roff
{
    private readonly StringBuilder _text = new();

    /// <summary>The first line. The date stays as it is, or it would be none.</summary>
    internal Roff Title(string name, int section, string date, string source, string manual)
    {
        _text.Append(CultureInfo.InvariantCulture, $".TH {name} {section} {date} \"{source}\" \"{manual}\"\n");
        return this;
    }

    /// <summary>A request with arguments, each one word whatever it holds.</summary>
    internal Roff Request(string name, params string[] arguments)
    {
        _text.Append('.').Append(name);
        foreach (string argument in arguments)
        {
            _text.Append(" \"").Append(Escape(argument).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Words that are filled into lines.</summary>
    internal Roff Words(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            _text.Append(Line(line)).Append('\n');
        }

        return this;
    }

    /// <summary>Paragraphs, which are parted by empty lines; one whose lines are parted keeps them.</summary>
    /// <param name="begins">Whether the first one begins a paragraph too.</param>
    internal Roff Paragraphs(string text, bool begins = true)
    {
        foreach (string paragraph in text.Split("\n\n"))
        {
            if (begins)
            {
                Request("PP");
            }

            begins = true;
            _ = paragraph.Contains('\n', StringComparison.Ordinal) ? Verbatim(paragraph) : Words(paragraph);
        }

        return this;
    }

    /// <summary>Lines as they are.</summary>
    internal Roff Verbatim(string text) => Request("nf").Words(text).Request("fi");

    /// <summary>What is explained, and the explanation, set in.</summary>
    internal Roff Item(string term, string explanation)
    {
        _text.Append(".TP\n.B \"").Append(Escape(term).Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\"\n");
        return Words(explanation);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // A dot or an apostrophe at the beginning would be a request.
    private static string Line(string text) => Escape(text) is ['.' or '\'', ..] and var line ? @"\&" + line : Escape(text);

    // A bare hyphen may become a dash, which nobody can paste into a shell; ', ` and ^ and ~ have typographic forms too.
    private static string Escape(string text) => text
        .Replace(@"\", @"\e", StringComparison.Ordinal)
        .Replace("-", @"\-", StringComparison.Ordinal)
        .Replace("'", @"\(aq", StringComparison.Ordinal)
        .Replace("`", @"\(ga", StringComparison.Ordinal)
        .Replace("^", @"\(ha", StringComparison.Ordinal)
        .Replace("~", @"\(ti", StringComparison.Ordinal);
}
