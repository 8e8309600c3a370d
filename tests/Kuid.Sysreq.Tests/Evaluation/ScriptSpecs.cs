namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Scripts, what they print and the status that they end with.</summary>
public sealed class ScriptSpecs
{
    [Theory]
    [InlineData("echo hello", "hello\n", 0)]
    [InlineData("echo a; echo b", "a\nb\n", 0)]
    [InlineData("true && echo yes || echo no", "yes\n", 0)]
    [InlineData("false && echo yes || echo no", "no\n", 0)]
    [InlineData("! true", "", 1)]
    [InlineData("! false && echo not", "not\n", 0)]
    [InlineData("false; echo $?", "1\n", 0)]
    [InlineData("x=5; echo $x$x", "55\n", 0)]
    [InlineData("for i in 1 2 3; do echo $i; done", "1\n2\n3\n", 0)]
    [InlineData("echo c; echo b | sort", "c\nb\n", 0)]
    public async Task A_script_prints_what_it_says(string script, string output, int status) =>
        (await Shells.RunAsync(script)).Should().Be(new Outcome(output, "", status));
}
