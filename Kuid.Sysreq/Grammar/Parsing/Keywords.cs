using System.Collections.Frozen;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Words that mean something where a command's name is expected, unless they are quoted.</summary>
internal static class Keywords
{
    internal const string If = "if";
    internal const string Then = "then";
    internal const string Elif = "elif";
    internal const string Else = "else";
    internal const string Fi = "fi";
    internal const string For = "for";
    internal const string In = "in";
    internal const string While = "while";
    internal const string Until = "until";
    internal const string Do = "do";
    internal const string Done = "done";
    internal const string Case = "case";
    internal const string Esac = "esac";
    internal const string Function = "function";
    internal const string LeftBrace = "{";
    internal const string RightBrace = "}";
    internal const string Not = "!";
    internal const string Time = "time";
    internal const string Where = "where";

    /// <summary>The words of the grammar.</summary>
    internal static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
        [If, Then, Elif, Else, Fi, For, In, While, Until, Do, Done, Case, Esac, Function, LeftBrace, RightBrace, Not, Time, Where],
        StringComparer.Ordinal);

    /// <summary>What each word that only ends or divides something belongs to.</summary>
    internal static readonly FrozenDictionary<string, string> Closers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Then] = "stands without an `if`",
        [Elif] = "stands without an `if`",
        [Else] = "stands without an `if`",
        [Fi] = "stands without an `if`",
        [Do] = "stands without a `for`, a `while` or an `until`",
        [Done] = "stands without a `for`, a `while` or an `until`",
        [Esac] = "stands without a `case`",
        [RightBrace] = "closes nothing",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What other shells know by a word and this language has not, and what is written instead.</summary>
    internal static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["[["] = "`[[` is not supported: write `[ ... ]` or `test`, or `case` for patterns",
        ["coproc"] = "`coproc` is not supported: run a command in the background with `&`",
        ["let"] = "`let` is not supported: write `x=$((...))`",
        ["declare"] = "`declare` is not supported: variables are texts and need no declaration",
        ["typeset"] = "`typeset` is not supported: variables are texts and need no declaration",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
