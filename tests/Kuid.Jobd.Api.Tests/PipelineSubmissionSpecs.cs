using System.Text;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Tests;

/// <summary>From a body with a pipeline to the job, or to everything that is wrong with it.</summary>
public sealed class PipelineSubmissionSpecs
{
    public static TheoryData<string, string> Wrong() => new()
    {
        { """{"kind":"pipeline"}""", "/pipeline" },
        { """{"kind":"pipeline","pipeline":""}""", "/pipeline" },
        { $$"""{"pipeline":"{{new string('a', 131072)}}"}""", "/pipeline" },
        { """{"kind":"pipeline","pipeline":"ls","command":"ls"}""", "/command" },
        { """{"kind":"shell","command":"ls","pipeline":"ls"}""", "/pipeline" },
        { """{"kind":"shell","command":"ls","host":"local"}""", "/host" },
        { """{"kind":"shell","command":"ls","hosts":["local"]}""", "/hosts" },
        { """{"pipeline":"ls","stdin":"YQ=="}""", "/stdin" },
        { """{"pipeline":"ls","stdinMode":"stream"}""", "/stdinMode" },
        { """{"pipeline":"ls","drainSeconds":1}""", "/drainSeconds" },
        { """{"pipeline":"ls","clearEnv":true}""", "/clearEnv" },
        { """{"pipeline":"ls","host":"local","hosts":["local"]}""", "/hosts" },
        { """{"pipeline":"ls","host":"nowhere"}""", "/host" },
        { """{"pipeline":"ls","host":""}""", "/host" },
        { """{"pipeline":"ls","host":"ftp:x"}""", "/host" },
        { """{"pipeline":"ls","host":"tcp:x"}""", "/host" },
        { """{"pipeline":"ls","host":"unix:/a\u0000"}""", "/host" },
        { """{"pipeline":"ls","hosts":[]}""", "/hosts" },
        { """{"pipeline":"ls","hosts":["local","nowhere"]}""", "/hosts/1" },
        { """{"pipeline":"ls","hosts":["local","web1","local"]}""", "/hosts/2" },
        { """{"pipeline":"ls","cwd":"tmp"}""", "/cwd" },
        { """{"pipeline":"ls","env":{"A=B":"v"}}""", "/env/A=B" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_evaluated_is_named(string body, string pointer)
    {
        ProblemException refusal = Bodies.RefusalOf(body);
        refusal.Code.Should().Be(ProblemCode.Invalid);
        refusal.Errors.Should().ContainSingle().Which.Pointer.Should().Be(pointer);
    }

    [Theory]
    [InlineData("ls | | x", 1, 6)]
    [InlineData("| ls", 1, 1)]
    [InlineData("ls /etc\\n  if true; then ls", 2, 19)]
    public void A_pipeline_that_cannot_be_read_is_refused_with_the_place(string pipeline, int line, int column)
    {
        ProblemException refusal = Bodies.RefusalOf($$"""{"pipeline":"{{pipeline}}"}""");
        ProblemError error = refusal.Errors.Should().ContainSingle().Which;
        (error.Pointer, error.Line, error.Column).Should().Be(("/pipeline", line, column));
        error.Detail.Should().NotBeEmpty();
        refusal.Message.Should().StartWith($"/pipeline: {line}:{column}: ");
    }

    [Fact]
    public void A_pipeline_nested_without_end_is_refused_and_not_the_end_of_the_daemon()
    {
        foreach (string open in (string[])["(", "$(", "{ ", "$((", "`", "if ", "! "])
        {
            string source = System.Text.Json.JsonSerializer.Serialize(string.Concat(Enumerable.Repeat(open, 131071 / open.Length)));
            Bodies.RefusalOf($$"""{"pipeline":{{source}}}""").Errors!.Single().Pointer.Should().Be("/pipeline", open);
        }
    }

    [Fact]
    public void Every_member_arrives()
    {
        JobSpec spec = Bodies.Submit(
            """
            {"kind":"pipeline","pipeline":"ls | head 3","hosts":["web1","local","unix:/run/s"],"env":{"A":"\u00e4"},"cwd":"/srv",
             "timeoutSeconds":1.5,"killGraceSeconds":0,"maxOutputBytes":5,"priority":-3,"name":"n"}
            """);
        (spec.Kind, spec.Process, spec.Drain).Should().Be((JobKind.Pipeline, null, null));
        spec.Pipeline!.Source.Should().Be("ls | head 3");
        spec.Pipeline.Hosts.Should().Equal("web1", "local", "unix:/run/s");
        spec.Pipeline.Environment.Select(Encoding.UTF8.GetString).Should().Equal("A=\u00e4");
        spec.Pipeline.WorkingDirectory.Should().Equal("/srv"u8.ToArray());
        spec.Should().BeEquivalentTo(new { KeepOutput = 5L, Priority = -3, Name = "n", Timeout = TimeSpan.FromSeconds(1.5), Grace = TimeSpan.Zero });
    }

    [Fact]
    public void An_unknown_command_is_no_mistake_before_it_is_called() =>
        Bodies.Submit("""{"pipeline":"nosuchcommand | alsonone"}""").Pipeline!.Source.Should().Be("nosuchcommand | alsonone");
}
