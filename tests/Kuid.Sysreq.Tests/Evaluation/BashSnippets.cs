using System.Text;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Small scripts that mean the same in bash: what they print is compared.</summary>
internal sealed class BashSnippets(Dice dice)
{
    /// <summary>Comes before every snippet: a way to show words as they are, values with all that can go wrong, and arguments.</summary>
    public const string Prelude = """
        show() { echo "($#)"; for w in "$@"; do echo "<$w>"; done; }
        a=abc b='x y  z' c= d='a*c' e=12 f=' lead:trail ' g='p:q::r:' h=/usr/local/lib.tar.gz i=-7 n=3 m=-5 k=0
        set -- p 'q r' '' 's*'
        """;

    /// <summary>The kinds of snippets.</summary>
    public static readonly IReadOnlyDictionary<string, Func<BashSnippets, string>> Kinds =
        new Dictionary<string, Func<BashSnippets, string>>(StringComparer.Ordinal)
        {
            ["arithmetic"] = snippets => $"n=3 m=-5; show $(({snippets.Arithmetic(4)})) $n $m",
            ["words"] = snippets => $"show {snippets.Words()}",
            ["separators"] = snippets => $"IFS={snippets.Of("':'", "' :'", "''", "':/'", "$' \\t'")}; show {snippets.Words()}",
            ["assignments"] = snippets => $"v={snippets.Word()}; show \"$v\" ${{#v}}; v+={snippets.Word()}; show \"$v\"",
            ["braces"] = snippets => $"show {snippets.Braces(2)} {snippets.Braces(1)}",
            ["patterns"] = snippets => snippets.Case(),
            ["removals"] = snippets => $"v={snippets.Subject()}; show \"${{v{snippets.Of("%", "%%", "#", "##")}{snippets.Pattern()}}}\"",
            ["globs"] = snippets => $"show {snippets.Glob()}",
            ["conditions"] = snippets => $"if [ {snippets.Condition()} ]; then echo yes; else echo no; fi",
            ["flow"] = snippets => snippets.Flow(3),
        };

    private T Of<T>(params ReadOnlySpan<T> choices) => dice.Of(choices);

    private string Arithmetic(int depth)
    {
        if (depth == 0 || dice.OneIn(4))
        {
            return dice.Of("0", "1", "2", "7", "13", "017", "0x1f", "9223372036854775807", "n", "m", "$n", "${m}", "$e", "e", "i", "c", "u", "$#");
        }

        return dice.Below(8) switch
        {
            0 => $"({Arithmetic(depth - 1)})",
            1 => $"{dice.Of("- ", "! ", "~ ", "+ ")}({Arithmetic(depth - 1)})",
            2 => $"({Arithmetic(depth - 1)}) ? {Arithmetic(depth - 1)} : {Arithmetic(depth - 1)}",
            3 => $"({dice.Of("n", "m", "k")} {dice.Of("=", "+=", "-=", "*=", "^=", "|=", "&=")} {Arithmetic(depth - 1)})",
            4 => $"({Arithmetic(depth - 1)}) {dice.Of("/", "%")} {dice.Of("3", "7", "(-4)", "1", "(-1)")}",
            5 => $"({Arithmetic(depth - 1)}) {dice.Of("<<", ">>", "**")} {dice.Of("0", "1", "3", "17")}",
            _ => $"{Arithmetic(depth - 1)} {dice.Of("+", "-", "*", "&", "|", "^", "&&", "||", "==", "!=", "<", "<=", ">", ">=")} {Arithmetic(depth - 1)}",
        };
    }

    private string Words() => string.Join(' ', Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => Word()));

    private string Word()
    {
        var word = new StringBuilder();
        for (int left = 1 + dice.Below(3); left > 0; left--)
        {
            word.Append(Piece(2));
        }

        return word.ToString();
    }

    private string Piece(int depth) => dice.Below(12) switch
    {
        0 => dice.Of("lit", "x", "a.b", "1", "é"),
        1 => dice.Of("'single q'", "''", "'*'", "'$a'"),
        2 => $"\"{Quoted(depth)}{Quoted(depth)}\"",
        3 => dice.Of("\\*", "\\ ", "\\$", "\\\\", "\\\""),
        4 => dice.Of("$'t\\tb'", "$'q\\'s'", "$'\\x41\\101\\u00e9'"),
        5 when depth > 0 => $"$({dice.Of("echo", "show")} {Piece(depth - 1)})",
        6 => $"$(({Arithmetic(1)}))",
        7 => dice.Of("$@", "$*", "$1", "$2", "${2}", "$#", "$9"),
        8 when depth > 0 => $"${{{dice.Of("a", "b", "c", "u", "2", "3", "9")}{dice.Of(":-", "-", ":+", "+")}{Operand(depth - 1)}}}",
        9 => $"${{{dice.Of("h", "b", "f", "d")}{dice.Of("%", "%%", "#", "##")}{dice.Of("*/", "/*", ".*", "?", "[a-m]", "'*'", "\\*", "*l", "a", "$c", "\"a\"*")}}}",
        10 => dice.Of("${#a}", "${#b}", "${#c}", "${#u}", "${#1}", "${#}", "${#@}"),
        _ => dice.Of("$a", "$b", "$c", "$d", "$e", "$f", "$g", "$h", "$u", "${a}", "${b}"),
    };

    private string Operand(int depth)
    {
        var operand = new StringBuilder();
        for (int left = dice.Below(3); left > 0; left--)
        {
            operand.Append(dice.Of(Piece(depth), "w", "w w", ":"));
        }

        return operand.ToString();
    }

    private string Quoted(int depth) => dice.Below(7) switch
    {
        0 => dice.Of("in q", "*", "'", "~", "é"),
        1 => dice.Of("\\\"", "\\$", "\\\\", "\\n"),
        2 => dice.Of("$a", "$b", "$f", "${c}", "$u", "$1", "$2"),
        3 => dice.Of("$@", "$*", "pre$@", "$@post"),
        4 when depth > 0 => $"$(echo {Piece(depth - 1)})",
        5 => $"${{{dice.Of("h", "b", "f")}{dice.Of("%", "##")}{dice.Of("*/", "/*", ".*", "?")}}}",
        _ => $"$(({Arithmetic(1)}))",
    };

    private string Braces(int depth)
    {
        var word = new StringBuilder();
        for (int left = 1 + dice.Below(2); left > 0; left--)
        {
            word.Append(depth == 0 ? dice.Of("x", "1", "\"q,r\"", "\\,", "") : dice.Below(7) switch
            {
                0 => $"{{{Braces(depth - 1)},{Braces(depth - 1)}}}",
                1 => $"{{{Braces(depth - 1)},{Braces(depth - 1)},{Braces(depth - 1)}}}",
                2 => $"{{{dice.Of("1", "-3", "5", "08", "10")}..{dice.Of("1", "4", "-2", "03", "12")}}}",
                3 => $"{{{dice.Of("a", "f", "z")}..{dice.Of("c", "h", "x")}{dice.Of("", "..2", "..-3")}}}",
                4 => $"{{{dice.Of("2", "20")}..{dice.Of("9", "1")}..{dice.Of("3", "-4", "0")}}}",
                5 => dice.Of("{}", "{x}", "{${a}}", "${a}", "\"{a,b}\"", "{1..}", "{a..3}"),
                _ => dice.Of("u", "v'w'", "\\{", "="),
            });
        }

        return word.Length == 0 ? "''" : word.ToString();
    }

    private string Subject() => dice.Of("abc", "'a b'", "a.tar.gz", "'*'", "\"[x]\"", "''", "/usr/lib/x.so", "aaab", "é1", "'a\\b'", "Zz9");

    private string Pattern()
    {
        var pattern = new StringBuilder();
        for (int left = 1 + dice.Below(4); left > 0; left--)
        {
            pattern.Append(dice.Of(
                "*", "?", "a", "b", ".", "/", "[a-c]", "[!a-c]", "[^x]", "[[:digit:]]", "[[:alpha:]]", "[]x]", "[a-]", "'*'", "\\*", "\"?\"", "$d", "é", "[[:upper:]]"));
        }

        return pattern.ToString();
    }

    private string Case() =>
        $"case {Subject()} in {Pattern()}) echo one;; {Pattern()}|{Pattern()}) echo two;; {dice.Of("*) echo other;;", "")} esac; echo $?";

    private string Glob()
    {
        var glob = new StringBuilder(dice.Of("", "", "", "./", "sub/", "$PWD/", "*/"));
        for (int left = 1 + dice.Below(3); left > 0; left--)
        {
            glob.Append(dice.Of("*", "?", "a", "b", ".", "[a-c]", "[!a]", ".*", "'*'", "\\?", "$d", "\"$d\"", "/", "é"));
        }

        // bash takes links to directories for directories in `**/` and nowhere else behind `**`; here they never are.
        return glob.Replace("**/", "*/").ToString();
    }

    private string Condition() => dice.Below(8) switch
    {
        0 => $"\"{Quoted(0)}\" = {dice.Of("abc", "''", "\"$b\"")}",
        1 => $"{dice.Of("-n", "-z")} \"{Quoted(0)}\"",
        2 => $"{dice.Of("3", "$e", "-7", "$i")} {dice.Of("-eq", "-ne", "-lt", "-le", "-gt", "-ge")} {dice.Of("12", "0", "$i")}",
        3 => $"{dice.Of("-e", "-f", "-d", "-s", "-r", "-x", "-L")} {dice.Of("sub", "abc", "nope", "empty", ".", "link", "''")}",
        4 => $"! {dice.Of("-e sub", "-z x", "x = x", "abc")}",
        5 => $"{Condition()} {dice.Of("-a", "-o")} {dice.Of("x", "-n ''", "-d sub", "1 -eq 2")}",
        6 => dice.Of("'!'", "-f", "''", "'('", "x -a ''", "'!' = '!'", "-n = -n"),
        _ => $"\\( {dice.Of("x = y", "-d sub", "x", "''")} \\)",
    };

    private string Flow(int depth)
    {
        if (depth == 0 || dice.OneIn(6))
        {
            return dice.Of("echo $?", "echo s", "true", "false", "n=$((n+1))", "echo n$n", "(exit 3)", "! true", "x=$(echo in; false)", "echo \"$(n=9; echo $n)$n\"");
        }

        return dice.Below(11) switch
        {
            0 => $"for v in {dice.Of("1 2 3", "$b", "\"$@\"", "{1..4}", "")}; do {Flow(depth - 1)}; {dice.Of("echo $v", "break", "[ $v = 2 ] && continue", "true")}; {Flow(depth - 1)}; done",
            1 => $"c{depth}=0; while [ $((c{depth}+=1)) -lt {dice.Of("3", "5")} ]; do {Flow(depth - 1)}; {dice.Of($"echo w$c{depth}", "continue", "break", $"[ $c{depth} = 2 ] && break")}; done",
            2 => $"c{depth}=0; until [ $((c{depth}+=1)) -ge 3 ]; do {Flow(depth - 1)}; done",
            3 => $"if {Flow(depth - 1)}; then {Flow(depth - 1)}; elif {Flow(depth - 1)}; then echo elif; else {Flow(depth - 1)}; fi",
            4 => $"{Simple(depth)} && {Simple(depth)} || {Simple(depth)}",
            5 => $"f{depth}() {{ {Flow(depth - 1)}; {dice.Of("return 4", "return", "echo $1$#", "shift", "local n=7; echo $n", $"[ $# -gt 2 ] || f{depth} $@ x")}; echo end$n; }}; f{depth} A{dice.Of("", " B", " \"$@\"")}; echo $?",
            6 => $"{{ {Flow(depth - 1)}; {Flow(depth - 1)}; }}",
            7 => $"( {Flow(depth - 1)}; n=50; {dice.Of("exit 5", "true", "echo sub$n")} ); echo $? $n",
            8 => $"for v in 1 2; do for w in a b; do {Flow(depth - 1)}; {dice.Of("break", "continue", "[ $w$v = a2 ] && break 2", "[ $w = a ] && continue 2", "true")}; echo $v$w; done; done",
            9 => $"case $n in {dice.Of("0", "1|2", "''", "*")}{dice.Of("", "*")}) {Flow(depth - 1)};; *) {Flow(depth - 1)};; esac",
            _ => $"{Flow(depth - 1)}; {Flow(depth - 1)}",
        };
    }

    private string Simple(int depth) => depth > 1 ? $"{{ {Flow(depth - 1)}; }}" : dice.Of("true", "false", "echo t", "! false");
}
