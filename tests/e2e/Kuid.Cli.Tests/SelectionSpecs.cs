using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>rm, rerun and cancel: of jobs that are named, and of those that pass filters.</summary>
public sealed class SelectionSpecs
{
    private const string Result = """{"matched":3,"done":2,"failed":[{"id":5,"code":"running","detail":"job 5 is running"}],"jobIds":[3,4],"newJobIds":null,"nextCursor":null}""";

    [Fact]
    public async Task Rm_goes_through_all_jobs_and_tells_of_those_that_were_refused()
    {
        await using StubDaemon stub = await StubDaemon.Start((request, context) =>
        {
            if (request == "DELETE /v1/jobs/6")
            {
                return StubDaemon.Problem(context, StatusCodes.Status409Conflict, "running", "job 6 is running");
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });

        ToolRun run = await stub.Kuid("rm", "5", "6", "7");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((125, string.Empty, "kuid: job 6 is running\n"));
        stub.Requests.Should().Equal("DELETE /v1/jobs/5", "DELETE /v1/jobs/6", "DELETE /v1/jobs/7");
    }

    [Fact]
    public async Task Rerun_prints_the_numbers_of_the_new_jobs()
    {
        await using StubDaemon stub = await StubDaemon.Start((request, context) => StubDaemon.Json(
            context, $$"""{"id":1{{request.Split('/')[3]}},"state":"queued","createdAt":"2026-03-01T10:20:30.000Z"}""", StatusCodes.Status202Accepted));

        (await stub.Kuid("rerun", "5", "6")).Should().BeEquivalentTo(new { ExitCode = 0, Text = "15\n16\n", Stderr = string.Empty });

        stub.Requests.Should().Equal("POST /v1/jobs/5/rerun", "POST /v1/jobs/6/rerun");
    }

    [Theory]
    [InlineData("cancel --state queued,running --queue q --label a=b --label c", """{"action":"cancel","dryRun":false,"filter":{"state":["queued","running"],"queue":"q","label":["a=b","c"]}}""")]
    [InlineData("rm --all", """{"action":"delete","dryRun":false,"all":true}""")]
    [InlineData("rerun --state failed --q make", """{"action":"rerun","dryRun":false,"filter":{"state":["failed"],"q":"make"}}""")]
    public async Task Filters_are_one_request(string words, string body)
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, Result));

        ToolRun run = await stub.Kuid(words.Split(' '));

        stub.Requests.Should().Equal("POST /v1/jobs/bulk");
        stub.Bodies.Should().Equal(body);
        (run.ExitCode, run.Stderr).Should().Be((125, "kuid: job 5: job 5 is running\nkuid: 2 of 3 jobs\n"));
        run.Text.Should().Be(words.StartsWith("rerun", StringComparison.Ordinal) ? "3\n4\n" : string.Empty);
    }

    [Fact]
    public async Task More_than_one_request_can_do_are_more_requests()
    {
        int asked = 0;
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, Interlocked.Increment(ref asked) == 1
            ? """{"matched":2,"done":2,"failed":[],"jobIds":[8,7],"newJobIds":[10,11],"nextCursor":"c"}"""
            : """{"matched":1,"done":1,"failed":[],"jobIds":[6],"newJobIds":[12],"nextCursor":null}"""));

        (await stub.Kuid("rerun", "--all")).Should().BeEquivalentTo(new { ExitCode = 0, Text = "10\n11\n12\n", Stderr = "kuid: 3 of 3 jobs\n" });

        stub.Bodies.Should().Equal("""{"action":"rerun","dryRun":false,"all":true}""", """{"action":"rerun","dryRun":false,"all":true,"cursor":"c"}""");
    }

    [Theory]
    [InlineData("rm --dry-run 3 4", """{"action":"delete","dryRun":true,"ids":[3,4]}""")]
    [InlineData("cancel --dry-run -a", """{"action":"cancel","dryRun":true,"all":true}""")]
    public async Task A_dry_run_prints_whom_it_would_concern(string words, string body)
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, """{"matched":2,"done":0,"failed":[],"jobIds":[3,4],"newJobIds":[]}"""));

        ToolRun run = await stub.Kuid(words.Split(' '));

        stub.Bodies.Should().Equal(body);
        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "3\n4\n", "kuid: 2 matched; nothing was done\n"));
    }
}
