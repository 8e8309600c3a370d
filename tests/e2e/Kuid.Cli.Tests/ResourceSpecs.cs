using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>queue, schedule and batch: what goes over the wire, and how the answers look.</summary>
public sealed class ResourceSpecs
{
    private const string Queue = """{"name":"builds","concurrency":4,"paused":true,"draining":false,"waiting":3,"running":2,"scheduled":1}""";

    private const string Schedule = """
        {"name":"nightly","cron":"0 3 * * *","everySeconds":null,"timeZone":"Europe/Berlin","overlap":"skip","paused":false,
         "job":{"kind":"argv","argv":["backup","a b"]},"createdAt":"2026-03-01T10:20:30.000Z","nextAt":"2026-03-02T02:00:00.000Z","lastAt":null,"lastJobId":null}
        """;

    private const string Batch = """
        {"id":9,"name":"n","state":"running","createdAt":"2026-03-01T10:20:30.000Z","finishedAt":null,
         "counts":{"scheduled":0,"queued":2,"running":1,"succeeded":3,"failed":0,"canceled":0,"lost":0},"jobIds":[1,2,3,4,5,6],"maxParallel":null,"stopOnFailure":false}
        """;

    [Theory]
    [InlineData("queue ls", "GET /v1/queues", null, "NAME\tSTATE\tCONCURRENCY\tRUNNING\tWAITING\tSCHEDULED\nbuilds\tpaused\t4\t2\t3\t1\n")]
    [InlineData("queue ls -o id", "GET /v1/queues", null, "builds\n")]
    [InlineData("queue show builds -o id", "GET /v1/queues/builds", null, "builds\n")]
    [InlineData("queue set builds --concurrency 4", "PUT /v1/queues/builds", """{"concurrency":4}""", "")]
    [InlineData("queue set builds --paused -o id", "PUT /v1/queues/builds", """{"paused":true}""", "builds\n")]
    [InlineData("queue rm builds", "DELETE /v1/queues/builds", null, "")]
    [InlineData("queue pause builds", "POST /v1/queues/builds/pause", null, "")]
    [InlineData("queue resume a/b", "POST /v1/queues/a%2Fb/resume", null, "")]
    [InlineData("queue drain builds", "POST /v1/queues/builds/drain", null, "")]
    [InlineData("queue purge builds", "POST /v1/queues/builds/purge", null, "")]
    public async Task Queues(string words, string request, string? body, string output) => await Check(words, request, body, output, Queue);

    [Theory]
    [InlineData("schedule ls", "GET /v1/schedules", null, "NAME\tSTATE\tWHEN\tNEXT\tLAST\tLAST JOB\tCOMMAND\nnightly\tactive\t0 3 * * * Europe/Berlin\t2026-03-02 02:00:00\t-\t-\tbackup 'a b'\n")]
    [InlineData("schedule show nightly -o id", "GET /v1/schedules/nightly", null, "nightly\n")]
    [InlineData("schedule set nightly --cron @daily --time-zone Europe/Berlin --overlap queue backup --all", "PUT /v1/schedules/nightly", """{"cron":"@daily","timeZone":"Europe/Berlin","overlap":"queue","job":{"kind":"argv","argv":["backup","--all"]}}""", "")]
    [InlineData("schedule set beat --every 30s -c date", "PUT /v1/schedules/beat", """{"everySeconds":30,"job":{"kind":"shell","command":"date"}}""", "")]
    [InlineData("schedule rm nightly", "DELETE /v1/schedules/nightly", null, "")]
    [InlineData("schedule pause nightly", "POST /v1/schedules/nightly/pause", null, "")]
    [InlineData("schedule resume nightly", "POST /v1/schedules/nightly/resume", null, "")]
    public async Task Schedules(string words, string request, string? body, string output) => await Check(words, request, body, output, Schedule);

    [Fact]
    public async Task A_triggered_schedule_prints_the_job() => await Check(
        "schedule trigger nightly", "POST /v1/schedules/nightly/trigger", null, "7\n", """{"id":7,"state":"queued","createdAt":"2026-03-01T10:20:30.000Z"}""");

    [Fact]
    public async Task A_preview_is_a_line_for_each_time() => await Check(
        "schedule preview @daily --count 2 --from 2026-03-01T00:00:00Z --time-zone UTC",
        "POST /v1/schedules/preview",
        """{"cron":"@daily","count":2,"timeZone":"UTC","from":"2026-03-01T00:00:00.000Z"}""",
        "2026-03-02T00:00:00.000Z\n2026-03-03T00:00:00.000Z\n",
        """{"times":["2026-03-02T00:00:00.000Z","2026-03-03T00:00:00.000Z"]}""");

    [Theory]
    [InlineData("batch ls", "GET /v1/batches", "ID\tSTATE\tCREATED\tJOBS\tCOUNTS\tNAME\n9\trunning\t2026-03-01 10:20:30\t6\t2 queued, 1 running, 3 succeeded\tn\n")]
    [InlineData("batch show 9 -o id", "GET /v1/batches/9", "9\n")]
    [InlineData("batch cancel 9", "POST /v1/batches/9/cancel", "")]
    public async Task Batches(string words, string request, string output) => await Check(words, request, null, output, Batch);

    [Theory]
    [InlineData("{\"command\":\"a\"}\n{\"command\":\"b\"}\n", "batch submit", """{"items":[{"command":"a"},{"command":"b"}]}""")]
    [InlineData("{\"command\":\"a\"}", "batch submit -", """{"items":[{"command":"a"}]}""")]
    [InlineData(" [ {\"command\":\"a\"} ] ", "batch submit --name n --max-parallel 2 --stop-on-failure", """{"items":[{"command":"a"}],"name":"n","maxParallel":2,"stopOnFailure":true}""")]
    [InlineData("{\"items\":[{\"command\":\"ä\"}],\"atomic\":true}", "batch submit", """{"items":[{"command":"\u00E4"}],"atomic":true}""")]
    public async Task A_batch_comes_as_lines_an_array_or_a_request(string text, string words, string body)
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, Batch, StatusCodes.Status202Accepted));

        ToolRun run = await KuidCommand.Run(words.Split(' '), System.Text.Encoding.UTF8.GetBytes(text), ("KUID_SOCKET", stub.Socket));

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "9\n", string.Empty));
        stub.Bodies.Single().Should().Be(body);
    }

    [Theory]
    [InlineData("", "kuid: standard input has no submissions\n")]
    [InlineData("{\"command\":\"a\"}\n{comm", "kuid: standard input: line 2, byte 2: this is no JSON\n")]
    public async Task A_batch_that_cannot_be_read_says_where(string text, string line)
    {
        ToolRun run = await KuidCommand.Run(["batch", "submit"], System.Text.Encoding.UTF8.GetBytes(text));

        (run.ExitCode, run.Stderr).Should().Be((125, line));
    }

    [Theory]
    [InlineData("succeeded", 0)]
    [InlineData("failed", 1)]
    [InlineData("canceled", 143)]
    public async Task A_batch_is_waited_for(string state, int code)
    {
        int asked = 0;
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, Interlocked.Increment(ref asked) < 3 ? Batch : Batch.Replace("\"running\",", $"\"{state}\",", StringComparison.Ordinal)));

        ToolRun run = await stub.Kuid("batch", "wait", "9", "-o", "id");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((code, "9\n", string.Empty));
    }

    [Fact]
    public async Task On_a_terminal_a_wait_shows_how_far_it_is_and_leaves_nothing()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        var over = new TaskCompletionSource();
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, over.Task.IsCompleted ? Batch.Replace("\"running\",", "\"failed\",", StringComparison.Ordinal) : Batch));

        await using Tmux terminal = await Tmux.Start($"KUID_SOCKET='{stub.Socket}' '{KuidCommand.Program}' batch wait 9; echo \"left $?\"; read line");
        await terminal.Shows("[############............] 3 of 6 ended, ");
        over.SetResult();

        await terminal.Until(screen => screen == "left 1", "the line is gone");
    }

    private static async Task Check(string words, string request, string? body, string output, string answer)
    {
        bool isList = words.Split(' ')[1] == "ls";
        bool isRemoval = request.StartsWith("DELETE", StringComparison.Ordinal);
        await using StubDaemon stub = await StubDaemon.Start((_, context) =>
        {
            if (isRemoval)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            return StubDaemon.Json(context, isList ? $$"""{"items":[{{answer}}]}""" : answer);
        });

        ToolRun run = await stub.Kuid(words.Split(' '));

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, output, string.Empty));
        stub.Requests.Single().Replace("%2F", "/", StringComparison.Ordinal).Should().Be(request.Replace("%2F", "/", StringComparison.Ordinal));
        stub.Bodies.Should().BeEquivalentTo(body is null ? [] : new[] { body });
    }
}
