using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Tests;

public sealed class ExitCodeSpecs
{
    [Theory]
    [InlineData("""{"state":"succeeded","reason":"exit","exitCode":0}""", 0)]
    [InlineData("""{"state":"failed","reason":"exit","exitCode":7}""", 7)]
    [InlineData("""{"state":"failed","reason":"signal","signal":"SIGKILL"}""", 137)]
    [InlineData("""{"state":"failed","reason":"signal","signal":"SIG40"}""", 168)]
    [InlineData("""{"state":"failed","reason":"timeout","signal":"SIGTERM"}""", 124)]
    [InlineData("""{"state":"failed","reason":"timeout","exitCode":0}""", 124)]
    [InlineData("""{"state":"failed","reason":"spawn","detail":"exec nosuch: ENOENT (No such file or directory)"}""", 127)]
    [InlineData("""{"state":"failed","reason":"spawn","detail":"exec /etc/passwd: EACCES (Permission denied)"}""", 126)]
    [InlineData("""{"state":"failed","reason":"spawn","detail":"exec ./x: ENOEXEC (Exec format error)"}""", 126)]
    [InlineData("""{"state":"failed","reason":"spawn","detail":"chdir for /gone: ENOENT (No such file or directory)"}""", 125)]
    [InlineData("""{"state":"failed","reason":"spawn"}""", 125)]
    [InlineData("""{"state":"failed","reason":"shutdown","signal":"SIGTERM"}""", 143)]
    [InlineData("""{"state":"failed","reason":"outputlimit","exitCode":0}""", 125)]
    [InlineData("""{"state":"canceled","reason":"canceled","signal":"SIGTERM"}""", 143)]
    [InlineData("""{"state":"canceled","reason":"canceled","exitCode":3}""", 3)]
    [InlineData("""{"state":"canceled","reason":"canceled","exitCode":0}""", 143)]
    [InlineData("""{"state":"canceled","reason":"canceled"}""", 143)]
    [InlineData("""{"state":"lost","reason":"lost"}""", 125)]
    public void An_end_has_the_exit_code_that_a_shell_would_have(string members, int code)
    {
        using JsonDocument document = JsonDocument.Parse("""{"id":1,""" + members[1..]);

        ExitCode.Of(Job.From(document.RootElement)).Should().Be(code);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("9", 9)]
    [InlineData("64", 64)]
    [InlineData("SIG40", 40)]
    [InlineData("0", null)]
    [InlineData("65", null)]
    [InlineData("-9", null)]
    [InlineData("NONE", null)]
    [InlineData("", null)]
    public void A_signal_has_a_name_or_a_number(string signal, int? number) => SignalNumber.Of(signal).Should().Be(number);
}
