using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>What a prompt can offer where its cursor (here <c>¦</c>) stands, in sources that are complete or not.</summary>
public sealed class CompletionSpecs
{
    [Theory]
    [InlineData("¦", CompletionKind.Command, "")]
    [InlineData("l¦s", CompletionKind.Command, "l")]
    [InlineData("ls; p¦", CompletionKind.Command, "p")]
    [InlineData("ls &&¦", CompletionKind.Command, "")]
    [InlineData("ls ||\n ¦", CompletionKind.Command, "")]
    [InlineData("if l¦", CompletionKind.Command, "l")]
    [InlineData("if a; then\n¦", CompletionKind.Command, "")]
    [InlineData("while a; do b¦", CompletionKind.Command, "b")]
    [InlineData("case x in a) b¦", CompletionKind.Command, "b")]
    [InlineData("f() { b¦", CompletionKind.Command, "b")]
    [InlineData("! b¦", CompletionKind.Command, "b")]
    [InlineData("a=1 b¦", CompletionKind.Command, "b")]
    [InlineData("echo $(b¦", CompletionKind.Command, "b")]
    [InlineData("echo \"a $(¦", CompletionKind.Command, "")]
    [InlineData("> f l¦", CompletionKind.Command, "l")]
    [InlineData("ls /e¦", CompletionKind.Argument, "/e", "ls")]
    [InlineData("ls -l ¦/e", CompletionKind.Argument, "", "ls", "-l")]
    [InlineData("ls > f /e¦", CompletionKind.Argument, "/e", "ls")]
    [InlineData("ls 'a b¦", CompletionKind.Argument, "'a b", "ls")]
    [InlineData("ls \"a $(b) c¦", CompletionKind.Argument, "\"a $(b) c", "ls")]
    [InlineData("ls a\\ ¦", CompletionKind.Argument, "a\\ ", "ls")]
    [InlineData("ls $(b)c¦", CompletionKind.Argument, "$(b)c", "ls")]
    [InlineData("for x in a¦", CompletionKind.Argument, "a", "for")]
    [InlineData("case a¦", CompletionKind.Argument, "a", "case")]
    [InlineData("where ¦", CompletionKind.Column, "")]
    [InlineData("where si¦ze > 1", CompletionKind.Column, "si")]
    [InlineData("where size > 1 and n¦", CompletionKind.Column, "n")]
    [InlineData("where (¦", CompletionKind.Column, "")]
    [InlineData("where size ¦", CompletionKind.Nothing, "")]
    [InlineData("echo $x¦", CompletionKind.Variable, "x")]
    [InlineData("echo $¦", CompletionKind.Variable, "")]
    [InlineData("echo \"a ${x¦", CompletionKind.Variable, "x")]
    [InlineData("echo ${¦", CompletionKind.Variable, "")]
    [InlineData("where name == $x¦", CompletionKind.Variable, "x")]
    [InlineData("echo $((x¦", CompletionKind.Variable, "x")]
    [InlineData("echo $((1 + ¦", CompletionKind.Variable, "")]
    [InlineData("ls > /t¦", CompletionKind.Path, "/t")]
    [InlineData("ls 2>> ¦", CompletionKind.Path, "")]
    [InlineData("{ ls; } < /t¦", CompletionKind.Path, "/t")]
    [InlineData("ls # com¦", CompletionKind.Nothing, "# com")]
    [InlineData("for x¦", CompletionKind.Nothing, "x")]
    [InlineData("cat << E¦", CompletionKind.Nothing, "E")]
    [InlineData("cat << E\nte¦", CompletionKind.Nothing, "te")]
    [InlineData("ls | | p¦", CompletionKind.Command, "p")]
    [InlineData("fi; ls /e¦", CompletionKind.Argument, "/e", "ls")]
    public void The_place_tells_what_can_stand_there(string source, CompletionKind kind, string prefix, params string[] words)
    {
        int offset = source.IndexOf('¦', StringComparison.Ordinal);
        CompletionContext context = ScriptParser.ContextAt(source.Remove(offset, 1), offset);
        context.Kind.Should().Be(kind);
        context.Prefix.Should().Be(prefix);
        context.Start.Should().Be(offset - prefix.Length);
        context.Words.Select(word => word.ToString()).Should().Equal(words);
    }

    [Theory]
    [InlineData("ps | xargs pstat | select pid r¦", "ps", "xargs pstat")]
    [InlineData("ls; ps | where r¦", "ps")]
    [InlineData("ls | (ps | sort n¦", "ps")]
    [InlineData("ls | sort; uname¦")]
    public void The_stages_before_the_command_are_known(string source, params string[] stages)
    {
        CompletionContext context = ScriptParser.ContextAt(source[..^1], source.Length - 1);
        context.Stages.Select(stage => stage.ToString()).Should().Equal(stages);
    }
}
