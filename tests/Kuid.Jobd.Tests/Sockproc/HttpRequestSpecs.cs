using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Row 76: what a browser can be made to send to a port on 127.0.0.1 is never a command.</summary>
public sealed class HttpRequestSpecs
{
    public static TheoryData<string> Methods() =>
    [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "MKCOL", "REPORT", "PRI", "X",
        "ABCDEFGHIJKLMNOPQRST",
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Row_76_every_method_is_refused_at_the_end_of_the_first_line(string method)
    {
        foreach (string version in (string[])["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3"])
        {
            ReadOutcome outcome = ReaderRun.Whole($"{method} /;id;: {version}\r\n");
            outcome.BeforeEnd.Should().Be(ReadState.Rejected);
            outcome.Reason.Should().Be(RejectionReason.HttpRequest);
        }
    }

    [Theory]
    [InlineData("GET http://127.0.0.1:8080/;id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("CONNECT localhost:80 HTTP/1.1\r\n\r\n")]
    [InlineData("GET /a b c HTTP/1.1\r\n\r\n")]
    [InlineData("GET /\u00ff HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 \r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\r\n0\r\n")]
    [InlineData("GET HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\nHost: x\n\r\n0\r\n")]
    [InlineData("GET / HTTP/1.1 HTTP/1.1\r\n0\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\n0\r\nContent-Type: text/plain\r\n\r\nx")]
    [InlineData("POST /;id; HTTP/1.1\r\n3\r\nid\n")]
    public void Row_76_every_form_of_a_request_line_is_refused(string request) =>
        ReaderRun.Whole(request).Reason.Should().Be(RejectionReason.HttpRequest);

    [Fact]
    public void Row_76_a_path_as_long_as_a_command_may_be_is_refused() =>
        ReaderRun.Whole($"GET /{new string('a', 100_000)} HTTP/1.1\r\n0\r\n").Reason.Should().Be(RejectionReason.HttpRequest);

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("HEAD /;id;: HTTP/1.0")]
    public void Row_76_without_the_special_rule_the_next_line_would_still_be_no_count(string line) =>
        ReaderRun.Whole($"x{line}\r\nHost: localhost\r\n\r\n").Reason.Should().Be(RejectionReason.CountMalformed);

    [Theory]
    [InlineData("curl -s http://x/ --http1.1 -H 'Connection: close'")]
    [InlineData("printf 'GET / HTTP/1.1\\r\\n\\r\\n' | nc localhost 80")]
    [InlineData("GET=1; echo HTTP/1.1")]
    [InlineData("echo GET / HTTP/1.1")]
    [InlineData("GET / HTTP/1.1 | cat")]
    [InlineData("grep -c HTTP/1.1 access.log")]
    [InlineData("get / HTTP/1.1")]
    [InlineData("Get / HTTP/1.1")]
    [InlineData("GET / http/1.1")]
    [InlineData("GET / HTTP/")]
    [InlineData("GET / HTTP/x")]
    [InlineData("GET / HTTP/1.")]
    [InlineData("GET / HTTP/11")]
    [InlineData("GET / HTTP/1.10")]
    [InlineData("GET /HTTP/1.1")]
    [InlineData(" GET / HTTP/1.1")]
    [InlineData("GET")]
    [InlineData("GET ")]
    [InlineData(" HTTP/1.1")]
    [InlineData("echo\nGET / HTTP/1.1")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU / HTTP/1.1")]
    public void A_command_that_is_no_request_line_runs_though_it_mentions_HTTP(string command) =>
        ReaderRun.Whole(command + "\r\n0\r\n").Should().BeEquivalentTo(new { AtEnd = ReadState.Complete, Command = command });

    [Fact]
    public void The_judgement_equals_the_rule_as_a_regular_expression_and_never_throws()
    {
        Gen<string> part = Gen.Frequency(
            (4, Gen.Elements("GET", "POST", "M-SEARCH", "-", " ", "/", "*", " HTTP/", "HTTP/1.1", "1", ".", "1.0", "\r", "\n", " ")),
            (1, Gen.Choose(0, 255).Select(b => ((char)b).ToString())));
        Gen<byte[]> line = part.ArrayOf().Select(parts => Wire.Bytes(string.Concat(parts)));
        int http = 0;
        Prop.ForAll(line.ToArbitrary(), bytes =>
        {
            bool found = HttpRequestLine.Matches(bytes);
            http += found ? 1 : 0;
            return found == ReferenceParser.Http().IsMatch(Wire.Text(bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50_000).WithEndSize(12));
        http.Should().BePositive("both answers must have come up");
    }
}
