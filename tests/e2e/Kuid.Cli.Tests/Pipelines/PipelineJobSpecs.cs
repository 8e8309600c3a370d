using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests.Pipelines;

/// <summary>Jobs of kind pipeline: kuid submit --pipeline, and kuid result.</summary>
public sealed class PipelineJobSpecs
{
    private const string Document =
        """
        {"index":1,"results":2,"complete":true,"truncated":false,
         "columns":[{"name":"host","kind":"string"},{"name":"name","kind":"bytes"},{"name":"size","kind":"size"},{"name":"x","kind":"any"}],
         "rows":[["a","f",2048,null],["b",{"b64":"/w=="},1,{"error":{"command":"stat","message":"gone","errno":"ENOENT"}}]],
         "errors":[{"host":"web2","command":"kuid","message":"tcp:web2:1: Connection refused","errno":null}]}
        """;

    [Theory]
    [InlineData("submit --pipeline ps", """{"kind":"pipeline","pipeline":"ps","stdinMode":"none"}""")]
    [InlineData("submit --pipeline ps --host web1 --queue q", """{"kind":"pipeline","pipeline":"ps","host":"web1","queue":"q","stdinMode":"none"}""")]
    [InlineData("submit --host a --host unix:/s --pipeline ps", """{"kind":"pipeline","pipeline":"ps","hosts":["a","unix:/s"],"stdinMode":"none"}""")]
    public async Task A_pipeline_is_submitted_with_its_hosts(string words, string submission)
    {
        var job = new StubJob();
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await stub.Kuid(words.Split(' '));

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "7\n", string.Empty));
        stub.Submissions.Single().Should().Be(submission);
    }

    [Theory]
    [InlineData("submit --pipeline ps ls", "--pipeline has the whole script; nothing may follow it")]
    [InlineData("submit --pipeline ps -c ls", "--shell and --pipeline exclude each other")]
    [InlineData("submit --host a ls", "--host goes with --pipeline")]
    [InlineData("submit --pipeline ps --stdin f", "--stdin is for commands; a pipeline has none")]
    public async Task Words_that_make_no_pipeline_are_refused(string words, string sentence)
    {
        ToolRun run = await KuidCommand.Run(words.Split(' '));

        (run.ExitCode, run.Stderr).Should().Be((2, $"kuid: submit: {sentence}; see kuid submit --help\n"));
    }

    [Theory]
    [InlineData("ndjson", "{\"host\":\"a\",\"name\":\"f\",\"size\":2048,\"x\":null}\n{\"host\":\"b\",\"name\":{\"b64\":\"/w==\"},\"size\":1,\"x\":{\"error\":")]
    [InlineData("tsv", "host\tname\tsize\tx\na\tf\t2048\t\\N\n")]
    public async Task A_result_is_printed_as_eval_prints_rows(string format, string text)
    {
        await using StubDaemon stub = await StubDaemon.Start((request, context) => request == "GET /v1/jobs/7/result"
            ? StubDaemon.Json(context, Document)
            : StubDaemon.Problem(context, StatusCodes.Status404NotFound, "notfound", request));

        ToolRun run = await stub.Kuid("result", "7", "-o", format);

        run.ExitCode.Should().Be(0);
        run.Text.Should().StartWith(text);
        run.Stderr.Should().Be("web2: kuid: tcp:web2:1: Connection refused\nkuid: this is the last of 2 results; --index shows the others\n");
        (await stub.Kuid("result", "7", "--index", "1")).Stderr.Should().NotContain("--index");
        stub.Requests.Should().Contain("GET /v1/jobs/7/result?index=1");
    }

    [Fact]
    public async Task A_job_without_rows_yet_is_told()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, """{"index":null,"results":0,"complete":false,"truncated":true,"columns":[],"rows":[],"errors":[]}"""));

        ToolRun run = await stub.Kuid("result", "7");

        (run.ExitCode, run.Text).Should().Be((0, string.Empty));
        run.Stderr.Should().Be(
            "kuid: job 7 has not ended; these are its rows so far\nkuid: the middle of job 7's output was not kept; rows are missing\n");
    }
}
