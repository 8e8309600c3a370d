using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Each construct, as it is written and as it is printed back: what is printed is read as the same tree.</summary>
public sealed class PrintingSpecs
{
    /// <summary>Source and what is printed of it.</summary>
    public static TheoryData<string, string> Constructs => new()
    {
        // Statements, lists, pipelines
        { "", "" },
        { "  # nothing but a comment", "" },
        { "ls", "ls" },
        { "ls ; ps", "ls; ps" },
        { "ls\n\n  ps\n", "ls; ps" },
        { "sleep 1& ls", "sleep 1 & ls" },
        { "sleep 1 &", "sleep 1 &" },
        { "a&&b||c", "a && b || c" },
        { "a &&\n\n b # then\n", "a && b" },
        { "a|b|&c", "a | b |& c" },
        { "a |\n  b", "a | b" },
        { "! a | b", "! a | b" },
        { "time a", "time a" },
        { "! time a", "time ! a" },
        { "a \\\n  b", "a b" },
        { "a\\\nb", "ab" },
        { "echo a#b '#' \\# # c", "echo a#b '#' \\#" },
        { "a\r\nb\r\n", "a; b" },

        // Words
        { "echo a\"b $c\"'d'\\e$'f\\n'", "echo a\"b $c\"'d'\\e$'f\\n'" },
        { "echo *.c {a,b} ~/x [a-z]? }", "echo *.c {a,b} ~/x [a-z]? }" },
        { "echo 'a\nb'", "echo 'a\nb'" },
        { "echo \"a\\\nb\\c\\$\"", "echo \"ab\\c\\$\"" },
        { "echo '' \"\"", "echo '' \"\"" },
        { "echo $ a$ \"$\"", "echo $ a$ \"$\"" },

        // Parameters
        { "echo $x ${x} $1 ${10} $10 $? $# $@ $* $! $0", "echo $x ${x} $1 ${10} $10 $? $# $@ $* $! $0" },
        { "echo ${#x} ${#} ${##} ${#@} ${#-d} ${#:+a}", "echo ${#x} ${#} ${##} ${#@} ${#-d} ${#:+a}" },
        { "echo ${x:-d} ${x-d} ${x:=d} ${x=d} ${x:?e} ${x?e} ${x:+a} ${x+a}", "echo ${x:-d} ${x-d} ${x:=d} ${x=d} ${x:?e} ${x?e} ${x:+a} ${x+a}" },
        { "echo ${x%p} ${x%%p*} ${x#p} ${x##*/}", "echo ${x%p} ${x%%p*} ${x#p} ${x##*/}" },
        { "echo ${x:-a b|c \"d\" 'e}' \\} ${y:-z}}", "echo ${x:-a b|c \"d\" 'e}' \\} ${y:-z}}" },
        { "echo \"${x:-it's \"a b\" \\}}\" \"${x%'*'}\"", "echo \"${x:-it's \"a b\" \\}}\" \"${x%'*'}\"" },
        { "echo ${x:-}", "echo ${x:-}" },

        // Substitutions
        { "echo $(ls; ps) $()", "echo $(ls; ps) $()" },
        { "echo $(ls\n)", "echo $(ls)" },
        { "echo \"$(echo \"$(echo ')')\")\"", "echo \"$(echo \"$(echo ')')\")\"" },
        { "echo `a \\`b\\` \\$c`", "echo `a \\`b\\` $c`" },
        { "echo \"`echo \\\"x\\\"`\"", "echo \"`echo \"x\"`\"" },
        { "echo $( (a) )", "echo $( (a))" },

        // Arithmetic
        { "echo $((1+2*3))", "echo $((1 + 2 * 3))" },
        { "echo $(( (1+2)*3 ))", "echo $(((1 + 2) * 3))" },
        { "echo $((2**3**2)) $(((2**3)**2)) $((-2**2))", "echo $((2 ** 3 ** 2)) $(((2 ** 3) ** 2)) $((-2 ** 2))" },
        { "echo $((1-2-3)) $((1-(2-3)))", "echo $((1 - 2 - 3)) $((1 - (2 - 3)))" },
        { "echo $((x=y+=1)) $((x==1?a:b?c:d))", "echo $((x = y += 1)) $((x == 1 ? a : b ? c : d))" },
        { "echo $((!a&&~b||-c|d^e&f))", "echo $((!a && ~b || -c | d ^ e & f))" },
        { "echo $((- -1)) $((-+1)) $((1<<2>>3<4)) $((0x1F+017%2/1))", "echo $((- -1)) $((- +1)) $((1 << 2 >> 3 < 4)) $((0x1F + 017 % 2 / 1))" },
        { "echo $(($x+${y:-1}+$(ls)+`ls`+$#))", "echo $(($x + ${y:-1} + $(ls) + `ls` + $#))" },
        { "echo $((a\n+\\\nb))", "echo $((a + b))" },
        { "echo $(((a=1)+1)) $(((a?b:c)+1)) $((-(1+2)))", "echo $(((a = 1) + 1)) $(((a ? b : c) + 1)) $((-(1 + 2)))" },

        // Assignments
        { "a=1", "a=1" },
        { "a= b+=2 ls -l", "a= b+=2 ls -l" },
        { "a=$x\"y\"z", "a=$x\"y\"z" },
        { "a=b=c ls d=e", "a=b=c ls d=e" },
        { "> f a=1 ls", "a=1 ls > f" },

        // Compounds
        { "for x in a b; do echo $x; done", "for x in a b; do echo $x; done" },
        { "for x\nin a b\ndo\necho\ndone", "for x in a b; do echo; done" },
        { "for x; do echo; done", "for x; do echo; done" },
        { "for x do echo; done", "for x; do echo; done" },
        { "for x in; do echo; done", "for x in ; do echo; done" },
        { "while a; b; do c & done", "while a; b; do c & done" },
        { "while a & do b; done", "while a & do b; done" },
        { "until a\ndo b\ndone > f", "until a; do b; done > f" },
        { "if a; then b; fi", "if a; then b; fi" },
        { "if a; then b; elif c\nthen d; else e; fi | f", "if a; then b; elif c; then d; else e; fi | f" },
        { "if (a) then { b; } else (c) fi; { (d) }", "if (a); then { b; }; else (c); fi; { (d); }" },
        { "case x in a) b;; (c|d) e; f ;; *) esac", "case x in (a) b ;; (c | d) e; f ;; (*) ;; esac" },
        { "case $x in\n\n(esac) a & ;;\nesac", "case $x in (esac) a & ;; esac" },
        { "case x in esac", "case x in esac" },
        { "f() { ls; }", "f() { ls; }" },
        { "function f { ls; } > x", "f() { ls; } > x" },
        { "function my-f.x () (ls)", "my-f.x() (ls)" },
        { "f ( )\n\nif a; then b; fi", "f() if a; then b; fi" },
        { "(ls; ps)", "(ls; ps)" },
        { "( (ls) )", "( (ls))" },
        { "{ ls; ps; }", "{ ls; ps; }" },
        { "{ ls & }", "{ ls & }" },
        { "{\nls\n}", "{ ls; }" },

        // Redirections
        { "a<b>c>>d", "a < b > c >> d" },
        { "a 2>e 2>&1 1>&2 >&2 &>f >|g", "a 2> e 2>&1 1>&2 >&2 &> f > g" },
        { "echo 2 >f 2", "echo 2 2 > f" },
        { "a <<<x 0<<<\"$y\"", "a <<< x 0<<< \"$y\"" },
        { "> f", "> f" },
        { "cat <<E\na $b\n$(c)\\$d\nE\nls", "cat <<E; ls\na $b\n$(c)\\$d\nE\n" },
        { "cat <<'E' <<-\"F\" | wc\na $b\\\nE\n\t\tx\n\tF\nls", "cat <<'E' <<-'F' | wc; ls\na $b\\\nE\n\tx\n\tF\n" },
        { "cat <<E\nE", "cat <<E\nE\n" },
        { "x=$(cat <<E\na\nE\n)", "x=$(cat <<E\na\nE\n)" },
        { "cat <<A $(cat <<B\nb\nB\n) c\na\nA\n", "cat $(cat <<B\nb\nB\n) c <<A\na\nA\n" },
        { "cat << -E\na\n-E", "cat << -E\na\n-E\n" },

        // where
        { "where size>1KB", "where size > 1KB" },
        { "ls | where size > 1.5KiB and not name =~ '^a' || mtime = \"2024-01-02\" | sort", "ls | where size > 1.5KiB and not name =~ '^a' or mtime == \"2024-01-02\" | sort" },
        { "where (a or b) and c && !d", "where (a or b) and c and not d" },
        { "where a - (b - c) * -d / e % 2 != $x", "where a - (b - c) * -d / e % 2 != $x" },
        { "where (a < b) == true and c !~ \"$(x)\" or d == null", "where (a < b) == true and c !~ \"$(x)\" or d == null" },
        { "(where a <= 250ms)", "(where a <= 250ms)" },
        { "where (a or\n b) and\n c\nls", "where (a or b) and c; ls" },
        { "where -(a) == -1 & ls", "where -a == -1 & ls" },
        { "where a == 0x1f; where b == 0644 # c", "where a == 0x1f; where b == 0644" },
    };

    [Theory]
    [MemberData(nameof(Constructs))]
    public void Every_construct_is_printed_in_its_one_form_which_reads_as_the_same_tree(string source, string printed)
    {
        Script script = ScriptParser.Parse(source);
        script.ToString().Should().Be(printed);
        ScriptParser.Parse(printed).Should().Be(script);
    }
}
