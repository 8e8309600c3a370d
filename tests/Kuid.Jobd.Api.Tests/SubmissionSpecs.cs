using System.Text;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Api.Tests;

/// <summary>From a well-formed body to the job, or to everything that is wrong with it.</summary>
public sealed class SubmissionSpecs
{
    public static TheoryData<string, string> Wrong() => new()
    {
        { "{}", "/kind" },
        { """{"command":"x","argv":["y"]}""", "/kind" },
        { """{"command":"x","pipeline":"ls"}""", "/kind" },
        { """{"kind":"Shell","command":"x"}""", "/kind" },
        { """{"kind":"shell"}""", "/command" },
        { """{"kind":"shell","command":""}""", "/command" },
        { """{"kind":"shell","command":"a\u0000b"}""", "/command" },
        { """{"kind":"shell","command":"x","argv":["y"]}""", "/argv" },
        { """{"kind":"argv"}""", "/argv" },
        { """{"kind":"argv","argv":[]}""", "/argv" },
        { """{"kind":"argv","argv":[""]}""", "/argv/0" },
        { """{"kind":"argv","argv":["a","b\u0000"]}""", "/argv/1" },
        { """{"kind":"argv","argv":["a"],"command":"x"}""", "/command" },
        { $$"""{"kind":"shell","command":"{{new string('a', 131072)}}"}""", "/command" },
        { $$"""{"kind":"argv","argv":["a","{{new string('\u00e4', 65536)}}"]}""", "/argv/1" },
        { """{"kind":"shell","command":"x","env":{"":"v"}}""", "/env/" },
        { """{"kind":"shell","command":"x","env":{"A=B":"v"}}""", "/env/A=B" },
        { """{"kind":"shell","command":"x","env":{"A":"\u0000"}}""", "/env/A" },
        { """{"kind":"shell","command":"x","cwd":"tmp"}""", "/cwd" },
        { """{"kind":"shell","command":"x","cwd":""}""", "/cwd" },
        { """{"kind":"shell","command":"x","cwd":"/a\u0000"}""", "/cwd" },
        { $$"""{"kind":"shell","command":"x","cwd":"/{{new string('a', 4095)}}"}""", "/cwd" },
        { $$"""{"kind":"shell","command":"x","name":"{{new string('a', 201)}}"}""", "/name" },
        { """{"kind":"shell","command":"x","name":"a\r\nb"}""", "/name" },
        { """{"kind":"shell","command":"x","name":"\u001b[31m"}""", "/name" },
        { """{"kind":"shell","command":"x","labels":{"a b":"v"}}""", "/labels/a b" },
        { $$"""{"kind":"shell","command":"x","labels":{"{{new string('a', 64)}}":"v"} }""", "/labels/" + new string('a', 64) },
        { $$"""{"kind":"shell","command":"x","labels":{"a":"{{new string('v', 257)}}"} }""", "/labels/a" },
        { """{"kind":"shell","command":"x","queue":""}""", "/queue" },
        { """{"kind":"shell","command":"x","queue":"a/b"}""", "/queue" },
        { """{"kind":"shell","command":"x","priority":1001}""", "/priority" },
        { """{"kind":"shell","command":"x","priority":-1001}""", "/priority" },
        { """{"kind":"shell","command":"x","timeoutSeconds":0}""", "/timeoutSeconds" },
        { """{"kind":"shell","command":"x","timeoutSeconds":-1}""", "/timeoutSeconds" },
        { """{"kind":"shell","command":"x","timeoutSeconds":1e400}""", "/timeoutSeconds" },
        { """{"kind":"shell","command":"x","timeoutSeconds":4233601}""", "/timeoutSeconds" },
        { """{"kind":"shell","command":"x","killGraceSeconds":-0.1}""", "/killGraceSeconds" },
        { """{"kind":"shell","command":"x","drainSeconds":1e300}""", "/drainSeconds" },
        { """{"kind":"shell","command":"x","maxOutputBytes":-1}""", "/maxOutputBytes" },
        { """{"kind":"shell","command":"x","maxOutputBytes":1073741825}""", "/maxOutputBytes" },
        { """{"kind":"shell","command":"x","notBefore":"tomorrow"}""", "/notBefore" },
        { """{"kind":"shell","command":"x","notBefore":"2030-01-01T00:00:00"}""", "/notBefore" },
        { """{"kind":"shell","command":"x","expiresInSeconds":0}""", "/expiresInSeconds" },
        { """{"kind":"shell","command":"x","expiresInSeconds":31536001}""", "/expiresInSeconds" },
        { """{"kind":"shell","command":"x","maxAttempts":0}""", "/maxAttempts" },
        { """{"kind":"shell","command":"x","maxAttempts":101}""", "/maxAttempts" },
        { """{"kind":"shell","command":"x","maxAttempts":2,"stdinMode":"stream"}""", "/maxAttempts" },
        { """{"kind":"shell","command":"x","retryBackoffSeconds":-1}""", "/retryBackoffSeconds" },
        { """{"kind":"shell","command":"x","retryBackoffSeconds":3601}""", "/retryBackoffSeconds" },
        { """{"kind":"shell","command":"x","after":[3,0]}""", "/after/1" },
        { """{"kind":"shell","command":"x","after":[3,4,3]}""", "/after/2" },
        { $$"""{"kind":"shell","command":"x","after":[{{string.Join(',', Enumerable.Range(1, 101))}}]}""", "/after" },
        { """{"kind":"shell","command":"x","afterMode":"always"}""", "/afterMode" },
        { """{"kind":"shell","command":"x","key":""}""", "/key" },
        { """{"kind":"shell","command":"x","key":"a\nb"}""", "/key" },
        { $$"""{"kind":"shell","command":"x","key":"{{new string('k', 201)}}"}""", "/key" },
        { """{"kind":"shell","command":"x","key":"k","keyPolicy":"drop"}""", "/keyPolicy" },
        { """{"kind":"shell","command":"x","keyPolicy":"skip"}""", "/keyPolicy" },
        { """{"kind":"shell","command":"x","limits":{"openFiles":-1}}""", "/limits/openFiles" },
        { """{"pipeline":"ls","limits":{"openFiles":10}}""", "/limits" },
        { """{"kind":"shell","command":"x","callbackUrl":"ftp://example.org/"}""", "/callbackUrl" },
        { """{"kind":"shell","command":"x","callbackUrl":"/done"}""", "/callbackUrl" },
        { """{"kind":"shell","command":"x","callbackUrl":"http://me:secret@example.org/"}""", "/callbackUrl" },
        { """{"kind":"shell","command":"x","disconnect":"stop"}""", "/disconnect" },
        { """{"kind":"shell","command":"x","stdinMode":"pipe"}""", "/stdinMode" },
        { """{"kind":"shell","command":"x","stdinMode":"inline"}""", "/stdin" },
        { """{"kind":"shell","command":"x","stdinMode":"none","stdin":"YQ=="}""", "/stdin" },
        { """{"kind":"shell","command":"x","stdinMode":"stream","stdin":"YQ=="}""", "/stdin" },
        { $$"""{"kind":"shell","command":"x","stdin":"{{Convert.ToBase64String(new byte[(1024 * 1024) + 1])}}"}""", "/stdin" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Row_114_what_cannot_be_run_is_named(string body, string pointer)
    {
        ProblemException refusal = Bodies.RefusalOf(body);
        refusal.Code.Should().Be(ProblemCode.Invalid);
        refusal.Errors.Should().ContainSingle().Which.Pointer.Should().Be(pointer);
    }

    [Fact]
    public void More_than_32_labels_are_too_many()
    {
        string labels = string.Join(',', Enumerable.Range(0, 33).Select(i => $"\"l{i}\":\"\""));
        Bodies.RefusalOf($$"""{"kind":"shell","command":"x","labels":{ {{labels}} } }""").Errors!.Single().Pointer.Should().Be("/labels");
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Bodies.RefusalOf(
        """{"kind":"shell","argv":[],"cwd":"tmp","timeoutSeconds":-1,"priority":5000,"labels":{" ":"x"},"queue":"a b"}""")
        .Errors!.Select(error => error.Pointer).Should().BeEquivalentTo(
            "/command", "/argv", "/argv", "/cwd", "/timeoutSeconds", "/priority", "/labels/ ", "/queue");

    [Fact]
    public void A_shell_command_becomes_the_shells_argument_byte_for_byte()
    {
        JobSpec spec = Bodies.Submit("""{"kind":"shell","command":"echo '\u00e4' | wc -c\n"}""");
        spec.Kind.Should().Be(JobKind.Shell);
        spec.Process!.Program.Should().Equal("/bin/sh"u8.ToArray());
        spec.Process!.Argv[2].Should().Equal("echo '\u00e4' | wc -c\n"u8.ToArray());
    }

    [Theory]
    [InlineData("""{"command":"x"}""", JobKind.Shell)]
    [InlineData("""{"argv":["x"]}""", JobKind.Argv)]
    [InlineData("""{"pipeline":"ls"}""", JobKind.Pipeline)]
    public void The_kind_can_be_left_out_when_one_member_says_it(string body, JobKind kind) => Bodies.Submit(body).Kind.Should().Be(kind);

    [Fact]
    public void Every_member_arrives()
    {
        JobSpec spec = Bodies.Submit(
            """
            {"kind":"argv","argv":["make","-j4"],"queue":"builds","name":"n","labels":{"team":"web"},"env":{"CC":"clang","E":""},
             "clearEnv":true,"cwd":"/srv","stdin":"aGVsbG8=","stdinMode":"inline","timeoutSeconds":1.5,"killGraceSeconds":0,
             "drainSeconds":2,"maxOutputBytes":5,"priority":-3}
            """);
        spec.Kind.Should().Be(JobKind.Argv);
        spec.Process!.Argv.Select(Encoding.UTF8.GetString).Should().Equal("make", "-j4");
        spec.Process!.Environment.Select(Encoding.UTF8.GetString).Should().Equal("CC=clang", "E=");
        spec.Process!.ClearEnvironment.Should().BeTrue();
        spec.Process!.WorkingDirectory.Should().Equal("/srv"u8.ToArray());
        spec.Should().BeEquivalentTo(
            new { Queue = "builds", Name = "n", Priority = -3, KeepOutput = 5L, Origin = JobOrigin.Http, Principal = "uid:1" });
        spec.Labels.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "web" });
        (spec.Timeout, spec.Grace, spec.Drain).Should().Be((TimeSpan.FromSeconds(1.5), TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        spec.Stdin.IsEmpty.Should().BeFalse();
    }

    [Fact]
    public void Every_member_about_waiting_arrives()
    {
        JobSpec spec = Bodies.Submit(
            """
            {"command":"x","notBefore":"2030-01-01T01:00:00+01:00","expiresInSeconds":0.5,"maxAttempts":100,"retryBackoffSeconds":0,
             "after":[3,9223372036854775807],"afterMode":"end","key":"disk sda","keyPolicy":"replace",
             "limits":{"cpuSeconds":1,"memoryBytes":2,"fileBytes":3,"openFiles":4,"processes":5,"coreBytes":0},
             "callbackUrl":"https://example.org/done?x=1","disconnect":"cancel"}
            """);
        spec.NotBefore.Should().Be(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (spec.ExpiresIn, spec.MaxAttempts, spec.RetryBackoff).Should().Be((TimeSpan.FromSeconds(0.5), 100, TimeSpan.Zero));
        spec.After.Should().Equal(3, long.MaxValue);
        (spec.AfterMode, spec.Key, spec.KeyPolicy, spec.Disconnect).Should().Be((AfterMode.End, "disk sda", KeyPolicy.Replace, DisconnectPolicy.Cancel));
        spec.Limits.Should().Be(new ResourceLimits { CpuSeconds = 1, MemoryBytes = 2, FileBytes = 3, OpenFiles = 4, Processes = 5, CoreBytes = 0 });
        spec.CallbackUrl.Should().Be("https://example.org/done?x=1");
    }

    [Fact]
    public void What_is_not_said_is_as_the_contract_has_it()
    {
        JobSpec spec = Bodies.Submit("""{"kind":"shell","command":"x"}""");
        spec.Should().BeEquivalentTo(new { Queue = "default", Priority = 0, KeepOutput = 67108864L, Drain = TimeSpan.FromSeconds(1) });
        (spec.Timeout, spec.Grace).Should().Be((null, null));
        (spec.NotBefore, spec.ExpiresIn, spec.Key, spec.Limits, spec.CallbackUrl).Should().Be((null, null, null, null, null));
        (spec.MaxAttempts, spec.RetryBackoff, spec.AfterMode, spec.KeyPolicy, spec.Disconnect).Should()
            .Be((1, TimeSpan.FromSeconds(1), AfterMode.Success, KeyPolicy.Queue, DisconnectPolicy.Continue));
        spec.After.Should().BeEmpty();
        (spec.Process!.ClearEnvironment, spec.Process!.WorkingDirectory).Should().Be((false, null));
        spec.Stdin.IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData(131071)]
    [InlineData(1)]
    public void A_command_may_be_as_long_as_Linux_takes_it(int length) =>
        Bodies.Submit($$"""{"kind":"shell","command":"{{new string('a', length)}}"}""").Process!.Argv[2].Should().HaveCount(length);

    [Theory]
    [InlineData("4233600", 4233600)]
    [InlineData("0.001", 0.001)]
    public void The_limits_themselves_are_allowed(string written, double seconds) => Bodies.Submit(
        $$"""{"kind":"shell","command":"x","timeoutSeconds":{{written}}}""").Timeout.Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_timeout_shorter_than_a_tick_is_still_one() => Bodies.Submit(
        """{"kind":"shell","command":"x","timeoutSeconds":1e-300}""").Timeout.Should().BePositive();

    [Fact]
    public void Two_writings_of_one_submission_have_one_fingerprint()
    {
        byte[] one = FingerprintOf("""{"kind":"shell","command":"x","labels":{"a":"1","b":"2"}}""");
        FingerprintOf(""" { "labels" : {"b":"2","a":"1"}, "command":"\u0078", "kind":"shell" } """).Should().Equal(one);
        FingerprintOf("""{"kind":"shell","command":"x","labels":{"a":"1","b":"3"}}""").Should().NotEqual(one);
        FingerprintOf("""{"kind":"shell","command":"x","labels":{"a":"1","b":"2"},"priority":1}""").Should().NotEqual(one);
    }

    private static byte[] FingerprintOf(string body) => Fingerprint.Of(Bodies.Parse(Encoding.UTF8.GetBytes(body)));
}
