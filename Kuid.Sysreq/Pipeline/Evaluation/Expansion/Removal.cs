using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Takes away the end or the beginning of a text that fits a pattern.</summary>
internal static class Removal
{
    /// <summary>What is left of a text.</summary>
    public static string Of(string text, Pattern pattern, ParameterOperation operation, CancellationToken cancellation)
    {
        int[] characters = ShellText.CharactersOf(text);
        bool isPrefix = operation is ParameterOperation.RemoveShortestPrefix or ParameterOperation.RemoveLongestPrefix;
        bool isShortest = operation is ParameterOperation.RemoveShortestPrefix or ParameterOperation.RemoveShortestSuffix;
        for (int step = 0; step <= characters.Length; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = isShortest ? step : characters.Length - step;
            ReadOnlySpan<int> candidate = isPrefix ? characters.AsSpan(0, length) : characters.AsSpan(characters.Length - length);
            if (pattern.Fits(candidate))
            {
                return TextOf(isPrefix ? characters.AsSpan(length) : characters.AsSpan(0, characters.Length - length));
            }
        }

        return text;
    }

    private static string TextOf(ReadOnlySpan<int> characters)
    {
        var text = new StringBuilder(characters.Length);
        foreach (int character in characters)
        {
            if (Rune.TryCreate(character, out Rune rune))
            {
                text.Append(rune);
            }
            else
            {
                text.Append((char)character);
            }
        }

        return text.ToString();
    }
}
