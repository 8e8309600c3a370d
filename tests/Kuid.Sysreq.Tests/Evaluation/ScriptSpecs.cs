namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Scripts, what they print and the status that they end with.</summary>
public sealed class ScriptSpecs
{
    [Theory]
    [InlineData("echo a; echo b\necho c # and no more", "a\nb\nc\n", 0)]
    [InlineData("true && echo yes || echo no", "yes\n", 0)]
    [InlineData("false && echo yes || echo no", "no\n", 0)]
    [InlineData("! true", "", 1)]
    [InlineData("! false && echo not", "not\n", 0)]
    [InlineData("false; echo $?", "1\n", 0)]
    [InlineData("x=5; x+=6; echo $x", "56\n", 0)]
    [InlineData("true | false", "", 1)]
    [InlineData("false | true", "", 0)]
    public async Task Statements_follow_one_another(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("for i in 1 '2 3'; do echo $i; done", "1\n2 3\n", 0)]
    [InlineData("set -- a b; for i; do echo $i; done", "a\nb\n", 0)]
    [InlineData("for i in; do echo $i; done", "", 0)]
    [InlineData("for i in 1 2 3; do test $i = 2 && break; echo $i; done; echo $i", "1\n2\n", 0)]
    [InlineData("for i in 1 2; do for j in a b; do test $j = b && continue 2; echo $i$j; done; done", "1a\n2a\n", 0)]
    [InlineData("i=0; while test $i -lt 3; do i=$((i + 1)); echo $i; done", "1\n2\n3\n", 0)]
    [InlineData("i=0; until test $i = 2; do i=$((i + 1)); done; echo $i", "2\n", 0)]
    [InlineData("while true; do false; break; done; echo $?", "0\n", 0)]
    public async Task Loops_go_round(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("if true; then echo yes; else echo no; fi", "yes\n", 0)]
    [InlineData("if false; then echo 1; elif true; then echo 2; fi", "2\n", 0)]
    [InlineData("if false; then echo 1; fi", "", 0)]
    [InlineData("case abc in x) echo x;; a*|b) echo ab;; *) echo other;; esac", "ab\n", 0)]
    [InlineData("case '*' in '*') echo star;; esac", "star\n", 0)]
    [InlineData("case a in '*') echo star;; esac; echo $?", "0\n", 0)]
    [InlineData("case a in '?') echo q;; [!a-c]) echo set;; [[:alpha:]]) echo class;; esac", "class\n", 0)]
    public async Task Choices_are_made(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("f() { echo $# $1; }; f 'a b' c", "2 a b\n", 0)]
    [InlineData("f() { return 3; echo never; }; f", "", 3)]
    [InlineData("f() { false; return; }; f", "", 1)]
    [InlineData("f() { for i in 1 2; do return 4; done; }; f; echo $?", "4\n", 0)]
    [InlineData("f() { local x=in; echo $x; g; }; g() { echo $x; x=deep; }; x=out; f; echo $x", "in\nin\nout\n", 0)]
    [InlineData("f() (cd /; x=2); x=1; f; echo $x", "1\n", 0)]
    [InlineData("f() { if test $1 -gt 0; then echo $1; f $(($1 - 1)); fi; }; f 3", "3\n2\n1\n", 0)]
    [InlineData("echo() { pwd; }; cd /; echo x; unset -f echo; echo x", "/\nx\n", 0)]
    [InlineData("A=1; f() { echo $A; }; A=2 f; echo $A", "2\n1\n", 0)]
    public async Task Functions_have_arguments_and_a_status(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("x=1; (x=2; echo $x; exit 7); echo $? $x", "2\n7 1\n", 0)]
    [InlineData("cd /; (cd /usr; pwd); pwd", "/usr\n/\n", 0)]
    [InlineData("cd /; { cd /usr; }; pwd", "/usr\n", 0)]
    [InlineData("cd /; cd /usr | true; pwd", "/\n", 0)]
    [InlineData("cd /usr; echo $(cd /; pwd) $(pwd)", "/ /usr\n", 0)]
    [InlineData("cd /usr; cd /; cd -; echo $PWD $OLDPWD", "/usr /\n", 0)]
    [InlineData("echo x | { y=1; }; echo ${y-unset}", "unset\n", 0)]
    public async Task A_subshell_has_a_directory_and_variables_of_its_own(string script, string output, int status) =>
        await Gives(script, output, status);

    [Theory]
    [InlineData("x=$(echo a; echo b; echo); echo \"$x\"", "a\nb\n", 0)]
    [InlineData("x=$(false); echo $?", "1\n", 0)]
    [InlineData("echo `echo \\`echo in\\``", "in\n", 0)]
    [InlineData("echo $(for i in 1 2; do echo $i; done)", "1 2\n", 0)]
    [InlineData("x=$(exit 4); echo $?", "4\n", 0)]
    [InlineData("echo \"$(echo \"in quotes\")\"", "in quotes\n", 0)]
    public async Task A_substitution_is_what_it_prints(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("lines <<E\na $((1 + 1))\n\tb\nE", "a 2\n\tb\n", 0)]
    [InlineData("lines <<'E'\na $x\nE", "a $x\n", 0)]
    [InlineData("lines <<-E\n\tstripped\nE", "stripped\n", 0)]
    [InlineData("x=5; lines <<< \"$x y\"", "5 y\n", 0)]
    [InlineData("while read a b; do echo $b $a; done <<E\n1 2 3\n4\nE", "2 3 1\n4\n", 0)]
    [InlineData("{ read x; lines; } <<E\nfirst\nsecond\nthird\nE\necho $x", "second\nthird\nfirst\n", 0)]
    [InlineData("IFS=: read a b <<< x:y:z; echo $a $b", "x y:z\n", 0)]
    [InlineData("read x < /dev/null; echo $?", "1\n", 0)]
    public async Task Documents_are_input(string script, string output, int status) => await Gives(script, output, status);

    [Theory]
    [InlineData("exit 3; echo never", "", 3)]
    [InlineData("f() { exit 2; }; f; echo never", "", 2)]
    [InlineData("A=1 env | where name == 'A' | select value; echo ${A-unset}", "1\nunset\n", 0)]
    [InlineData("export B=2; env | where name == 'B' | select value; export -n B; env | where name == 'B' | count", "2\n0\n", 0)]
    [InlineData("a=1; unset a; echo ${a-gone}", "gone\n", 0)]
    [InlineData("set -- a b c; shift 2; echo $# $1", "1 c\n", 0)]
    [InlineData("export x='a  b'; y=$x; export z=$x; echo \"$z\"", "a  b\n", 0)]
    public async Task The_shell_is_changed_by_its_commands(string script, string output, int status) => await Gives(script, output, status);

    private static async Task Gives(string script, string output, int status) =>
        (await Shells.RunAsync(script)).Should().Be(new Outcome(output, "", status));
}
