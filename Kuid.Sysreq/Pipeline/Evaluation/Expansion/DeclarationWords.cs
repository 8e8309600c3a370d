using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>The words of a command. Those of <c>export</c> and <c>local</c> that look like assignments are treated as such: not split.</summary>
internal static class DeclarationWords
{
    /// <summary>The arguments that they become.</summary>
    public static async ValueTask<List<Argument>> ExpandAsync(NodeList<Word> words, WordExpander expander)
    {
        if (words is not [{ Parts: [LiteralPart { Text: "export" or "local" }] }, ..])
        {
            return await expander.ArgumentsAsync(words);
        }

        var arguments = new List<Argument>();
        foreach (Word word in words)
        {
            if (NameLength(word) is { } length)
            {
                var literal = (LiteralPart)word.Parts[0];
                string name = literal.Text[..length];
                var value = new Word([new LiteralPart(literal.Text[(length + 1)..]), .. word.Parts.Skip(1)]);
                arguments.Add(new Argument(ShellText.ToValue($"{name}={await expander.AssignedAsync(value)}"), word.Span));
            }
            else
            {
                arguments.AddRange(await expander.ArgumentsAsync([word]));
            }
        }

        return arguments;
    }

    private static int? NameLength(Word word) =>
        word.Parts is [LiteralPart first, ..] && first.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var length
        && Variables.IsName(first.Text[..length]) ? length : null;
}
