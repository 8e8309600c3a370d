using System.Text.RegularExpressions;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Regular expressions, matched in a time that grows with the text only: the text comes from a system that nobody vouches for.</summary>
internal static class Patterns
{
    /// <summary>The longest pattern, so that what it becomes stays small.</summary>
    private const int LongestPattern = 4096;

    /// <summary>Makes one.</summary>
    /// <param name="span">Where it stands.</param>
    /// <exception cref="CommandException">It is none, or one that needs backtracking or more than 10,000 states.</exception>
    public static Regex Compile(string pattern, bool ignoresCase, SourceSpan span)
    {
        if (pattern.Length > LongestPattern)
            throw new CommandException($"the pattern is longer than {LongestPattern} characters", span, status: 2);

        try
        {
            RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            return new Regex(pattern, ignoresCase ? options | RegexOptions.IgnoreCase : options, TimeSpan.FromSeconds(5));
        }
        catch (RegexParseException wrong)
        {
            throw new CommandException($"{VisibleText.Of(pattern)} is no regular expression: {Reason(wrong)}", span, status: 2);
        }
        catch (NotSupportedException)
        {
            throw new CommandException(
                $"{VisibleText.Of(pattern)} has what cannot be matched in bounded time: a lookaround, a backreference, an atomic group or too many repetitions", span, status: 2);
        }
    }

    /// <summary>Whether a value's text has a match.</summary>
    /// <exception cref="CommandException">The text is so long that looking for one takes seconds.</exception>
    public static bool Matches(Regex pattern, Value value)
    {
        try
        {
            return pattern.IsMatch(ValueText.Of(value));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new CommandException($"looking for {VisibleText.Of(pattern.ToString())} in one value took more than {pattern.MatchTimeout.TotalSeconds} s");
        }
    }

    private static string Reason(RegexParseException wrong) => wrong.Error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a ( is not closed",
        RegexParseError.InsufficientOpeningParentheses => "a ) closes nothing",
        RegexParseError.UnterminatedBracket => "a [ is not closed",
        RegexParseError.QuantifierAfterNothing => $"nothing stands before the quantifier at character {wrong.Offset}",
        RegexParseError.NestedQuantifiersNotParenthesized => $"a quantifier follows another at character {wrong.Offset}",
        RegexParseError.ReversedCharacterRange => $"a range is reversed at character {wrong.Offset}",
        RegexParseError.ReversedQuantifierRange => $"a quantifier's range is reversed at character {wrong.Offset}",
        RegexParseError.UnescapedEndingBackslash => "nothing follows the last backslash",
        _ => $"{wrong.Error} at character {wrong.Offset}",
    };
}
