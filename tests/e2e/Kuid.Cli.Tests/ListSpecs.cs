using System.Globalization;
using System.Text.Json;

namespace Kuid.Cli.Tests;

public sealed class ListSpecs
{
    private const string Header = "ID\tSTATE\tRESULT\tQUEUE\tCREATED\tDURATION\tNAME\tCOMMAND\n";

    [Fact]
    public async Task A_list_in_a_pipe_is_fields_between_tabs()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, List(
            Job(9, """ "state":"failed","reason":"exit","exitCode":3,"durationSeconds":75,"name":"a\u001b[2J\tb","queue":"builds","argv":["echo","it's"] """),
            Job(8, """ "state":"queued","reason":null,"exitCode":null,"durationSeconds":null,"name":null,"queue":null,"command":"a |\n b" """))));

        ToolRun run = await KuidCommand.Run(["ps"], default, ("KUID_SOCKET", stub.Socket), ("TZ", "Asia/Tokyo"));

        run.Text.Should().Be(Header
            + "9\tfailed\texit 3\tbuilds\t2026-03-01 19:20:30\t1m 15s\ta\\u001B[2J\\tb\techo 'it'\\''s'\n"
            + "8\tqueued\t-\t-\t2026-03-01 19:20:30\t-\t-\ta |\\n b\n");
        run.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("ps", "?limit=50&state=scheduled,queued,running,canceling")]
    [InlineData("ps -a", "?limit=50")]
    [InlineData("ps --state failed,lost --queue a&b --limit 7", "?limit=7&state=failed,lost&queue=a%26b")]
    [InlineData("ps -a --label team=web --label x --kind argv --origin http --service s --q a+b", "?limit=50&kind=argv&origin=http&service=s&q=a%2Bb&label=team%3Dweb&label=x")]
    [InlineData("ps -a --created-after 2026-03-01T12:00:00+01:00 --created-before 2026-03-02", "?limit=50&createdAfter=2026-03-01T11%3A00%3A00.000Z&createdBefore=2026-03-02T00%3A00%3A00.000Z")]
    public async Task The_filters_are_the_daemons(string words, string query)
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, List()));

        (await stub.Kuid(words.Split(' '))).Text.Should().Be(Header);

        stub.Requests.Should().Equal("GET /v1/jobs" + query);
    }

    [Fact]
    public async Task Pages_are_followed_up_to_the_limit()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) =>
        {
            int count = int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture);
            int first = context.Request.Query["cursor"].ToString() is { Length: > 0 } cursor
                ? int.Parse(cursor[2..], CultureInfo.InvariantCulture)
                : 5000;
            string[] jobs = [.. Enumerable.Range(0, count).Select(i => Job(first - i, """ "state":"running" """))];
            string next = (first - count).ToString(CultureInfo.InvariantCulture);
            return StubDaemon.Json(context, $$"""{"items":[{{string.Join(',', jobs)}}],"nextCursor":"c={{next}}"}""");
        });

        ToolRun run = await stub.Kuid("ps", "-a", "--limit", "1100", "-o", "id");

        run.Text.Should().Be(string.Concat(Enumerable.Range(0, 1100).Select(i => string.Create(CultureInfo.InvariantCulture, $"{5000 - i}\n"))));
        stub.Requests.Should().Equal(
            "GET /v1/jobs?limit=500", "GET /v1/jobs?limit=500&cursor=c%3D4500", "GET /v1/jobs?limit=100&cursor=c%3D4000");
    }

    [Fact]
    public async Task JSON_has_every_member_also_those_that_kuid_does_not_know()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, List(Job(9, """ "state":"running","brandNew":{"deep":[1.50]},"name":"ä" """), Job(8, """ "state":"running" """))));

        string json = (await stub.Kuid("ps", "-o", "json")).Text;
        string[] lines = (await stub.Kuid("ps", "-o", "ndjson")).Text.TrimEnd('\n').Split('\n');

        using JsonDocument document = JsonDocument.Parse(json);
        document.RootElement.GetArrayLength().Should().Be(2);
        document.RootElement[0].GetProperty("brandNew").GetProperty("deep")[0].GetRawText().Should().Be("1.50");
        json.Should().Contain("\"ä\"").And.Contain("\n    \"id\": 9,");
        lines.Should().HaveCount(2);
        lines[0].Should().Contain("""brandNew":{"deep":[1.50]}""");
    }

    [Fact]
    public async Task Show_has_all_members_and_reads_their_units()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, Job(
            9, """ "state":"running","durationSeconds":75,"stdoutBytes":1536,"truncated":false,"reason":null,"argv":["a","b c"],"labels":{"k":"v","l":"w"},"brandNew":1 """)));

        (await stub.Kuid("show", "9")).Text.Should().Be(
            "MEMBER\tVALUE\nid\t9\ncreatedAt\t2026-03-01 10:20:30\nstate\trunning\ndurationSeconds\t1m 15s\nstdoutBytes\t1.5 KiB\ntruncated\tno\n"
            + "reason\t-\nargv\ta 'b c'\nlabels\tk=v l=w\nbrandNew\t1\n");
        (await stub.Kuid("show", "9", "-o", "id")).Text.Should().Be("9\n");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task A_terminal_has_a_table_with_colours_unless_NO_COLOR_is_set(string noColour, bool colours)
    {
        Assert.SkipUnless(ToolRun.Exists("script"), "needs script(1) for a terminal");
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, List(Job(9, """ "state":"succeeded","reason":"exit","exitCode":0,"command":"true" """))));

        ToolRun run = await KuidCommand.Shell(
            "script -qec 'stty cols 180; \"$KUID\" ps -a' /dev/null < /dev/null", stub.Socket, ("NO_COLOR", noColour));

        run.Text.Should().Contain("ID").And.Contain("COMMAND").And.Contain("2026-03-01 10:20:30").And.NotContain("\t");
        run.Text.Contains("\u001b[32m", StringComparison.Ordinal).Should().Be(colours, "success is green: {0}", run.Text);
        run.Text.Contains('\u001b', StringComparison.Ordinal).Should().Be(colours);
    }

    [Fact]
    public async Task A_reader_that_has_gone_is_nothing_to_complain_about()
    {
        string[] jobs = [.. Enumerable.Range(1, 500).Select(i => Job(i, $""" "state":"running","command":"{new string('x', 1000)}" """))];
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, List(jobs)));

        ToolRun run = await KuidCommand.Shell("\"$KUID\" ps --limit 500 | head -1; echo \"${PIPESTATUS[0]}\"", stub.Socket);

        (run.Text, run.Stderr).Should().Be((Header + "141\n", string.Empty));
    }

    private static string List(params string[] jobs) => $$"""{"items":[{{string.Join(',', jobs)}}],"nextCursor":null}""";

    private static string Job(long id, string members) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"id":{{id}},"createdAt":"2026-03-01T10:20:30.123Z",{{members.Trim()}}}""");
}
