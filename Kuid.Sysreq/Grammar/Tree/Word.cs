namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>A word, joined from its pieces: <c>a"b $c"'d'</c>. One without pieces is the empty text of a here-document.</summary>
public sealed record Word(NodeList<WordPart> Parts) : SyntaxNode;

/// <summary>A piece of a word.</summary>
public abstract record WordPart : SyntaxNode;

/// <summary>Unquoted text, in which globs, braces and a leading tilde have their meaning.</summary>
public sealed record LiteralPart(string Text) : WordPart;

/// <summary>A character that a backslash makes literal: <c>\*</c>.</summary>
/// <param name="Text">The character, without the backslash.</param>
public sealed record EscapedPart(string Text) : WordPart;

/// <summary><c>'...'</c>.</summary>
public sealed record SingleQuotedPart(string Text) : WordPart;

/// <summary><c>$'...'</c>.</summary>
/// <param name="Text">What stands between the quotes, escapes as written.</param>
/// <param name="Value">What it means. A byte written by <c>\xNN</c> that is no part of UTF-8 is a lone surrogate here, U+DC00 + byte.</param>
public sealed record AnsiQuotedPart(string Text, string Value) : WordPart;

/// <summary><c>"..."</c>: its parts are literal, escaped and substituted ones.</summary>
public sealed record DoubleQuotedPart(NodeList<WordPart> Parts) : WordPart;

/// <summary>What <c>${x...}</c> does with the value.</summary>
public enum ParameterOperation
{
    /// <summary><c>$x</c> and <c>${x}</c>: the value.</summary>
    Value,

    /// <summary><c>${#x}</c>: its length in characters.</summary>
    Length,

    /// <summary><c>${x-d}</c> and <c>${x:-d}</c>: the default in place of nothing.</summary>
    Default,

    /// <summary><c>${x=d}</c> and <c>${x:=d}</c>: the default, and the variable gets it.</summary>
    AssignDefault,

    /// <summary><c>${x?e}</c> and <c>${x:?e}</c>: an error in place of nothing.</summary>
    Require,

    /// <summary><c>${x+a}</c> and <c>${x:+a}</c>: another text in place of a value.</summary>
    Alternative,

    /// <summary><c>${x%p}</c>: without the shortest end that fits.</summary>
    RemoveShortestSuffix,

    /// <summary><c>${x%%p}</c>: without the longest end that fits.</summary>
    RemoveLongestSuffix,

    /// <summary><c>${x#p}</c>: without the shortest beginning that fits.</summary>
    RemoveShortestPrefix,

    /// <summary><c>${x##p}</c>: without the longest beginning that fits.</summary>
    RemoveLongestPrefix,
}

/// <summary><c>$x</c>, <c>${x:-d}</c>, <c>$1</c>, <c>$?</c>, <c>$@</c>.</summary>
/// <param name="Name">A name, a number, or one of <c>? # @ * !</c>.</param>
/// <param name="IsBraced">Whether it was written with braces.</param>
/// <param name="TreatsEmptyAsUnset">Whether a colon stands before the sign: empty is nothing too.</param>
/// <param name="Operand">What follows the sign; null for <see cref="ParameterOperation.Value"/> and <see cref="ParameterOperation.Length"/>.</param>
public sealed record ParameterPart(string Name, bool IsBraced, ParameterOperation Operation, bool TreatsEmptyAsUnset, Word? Operand) : WordPart;

/// <summary><c>$(...)</c>, or the same in backticks.</summary>
public sealed record CommandSubstitutionPart(Script Body, bool IsBackticked) : WordPart;

/// <summary><c>$((...))</c>.</summary>
public sealed record ArithmeticPart(ArithmeticNode Expression) : WordPart;
