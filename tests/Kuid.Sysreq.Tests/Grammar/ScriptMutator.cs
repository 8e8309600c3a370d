using System.Text;
using Kuid.Sysreq.Grammar.Parsing;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Damages sources: bytes, tokens and whole stretches.</summary>
internal sealed class ScriptMutator(Dice dice)
{
    private const int MaxLength = 4_000;

    private static readonly string[] Tokens =
    [
        .. Keywords.All, .. Operators.All.Select(known => known.Text), .. Operators.Refused.Select(refused => refused.Text),
        .. ExpressionTokens.Signs, .. ExpressionTokens.Words, .. ArithmeticParser.Assignments, .. Keywords.Refused.Keys,
        "'", "\"", "`", "\\", "\n", " ", "\t", "\r", "#", "$", "$(", "$((", "))", "${", "}", "$'", "${x:-", "${#", "[", "]", "((", "<<E\n", "<<-'E' ",
        "\nE\n", "x=", "x=(", "1", "0x", "08", "1KB", "é", "漢", "😀", "\ud83d", "\u0000", "\u001b", "select x in ", "2>", "3>", "&>>", "++",
    ];

    private static readonly (string Opening, string Closing)[] Nestings =
    [
        ("(", ")"), ("( ", " )"), ("{ ", "; }"), ("$(", ")"), ("\"$(", ")\""), ("$((", "))"), ("${x:-", "}"), ("\"${x:-", "}\""), ("if ", "; then a; fi"),
        ("while a; do ", "; done"), ("case x in a) ", ";; esac"), ("where (", ")"), ("where not ", ""), ("echo $((-", "))"), ("`", "`"), ("f() { ", "; }"),
        ("cat <<E\n$(", ")\nE\n"),
    ];

    /// <summary>The source with one more damage.</summary>
    internal string Mutate(string source)
    {
        string mutated = dice.Below(10) switch
        {
            0 => FlippedByte(source),
            1 => Cut(source, 0, dice.Below(source.Length + 1)),
            2 => Without(source),
            3 or 4 => Doubled(source),
            5 => Swapped(source),
            6 => NestedDeep(source),
            _ => source.Insert(dice.Below(source.Length + 1), dice.Of(Tokens)),
        };
        return mutated.Length <= MaxLength ? mutated : mutated[..MaxLength];
    }

    private string FlippedByte(string source)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(source);
        if (bytes.Length > 0)
        {
            bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private string Without(string source)
    {
        (int start, int end) = Stretch(source);
        return source.Remove(start, end - start);
    }

    private string Doubled(string source)
    {
        (int start, int end) = Stretch(source);
        return source.Insert(end, source[start..end]);
    }

    private string Swapped(string source)
    {
        (int start, int end) = Stretch(source);
        string stretch = source[start..end];
        string rest = source.Remove(start, end - start);
        return rest.Insert(dice.Below(rest.Length + 1), stretch);
    }

    private string NestedDeep(string source)
    {
        (string opening, string closing) = dice.Of(Nestings);
        int levels = dice.OneIn(20) ? 70 + dice.Below(60) : 1 + dice.Below(4);
        (int start, int end) = Stretch(source);
        return source[..start]
            + string.Concat(Enumerable.Repeat(opening, levels))
            + source[start..end]
            + string.Concat(Enumerable.Repeat(closing, dice.OneIn(3) ? dice.Below(levels + 1) : levels))
            + source[end..];
    }

    private static string Cut(string source, int start, int end) => source[start..end];

    // Mostly a few characters or what stands between two blanks, sometimes much.
    private (int Start, int End) Stretch(string source)
    {
        int start = dice.Below(source.Length + 1);
        int end = Math.Min(source.Length, start + dice.Below(dice.OneIn(5) ? 200 : 6));
        if (dice.OneIn(2))
        {
            start = start == 0 ? 0 : source.LastIndexOf(' ', start - 1) + 1;
            int blank = source.IndexOf(' ', end);
            end = blank < 0 ? source.Length : blank;
        }

        return (start, end);
    }
}
