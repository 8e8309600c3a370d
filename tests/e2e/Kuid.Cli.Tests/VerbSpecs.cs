using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>wait, cancel, signal, logs and version against the stub.</summary>
public sealed class VerbSpecs
{
    [Fact]
    public async Task Wait_asks_again_until_the_job_has_ended_and_exits_as_it_did()
    {
        var job = new StubJob { End = """ "state":"failed","reason":"exit","exitCode":9 """ };
        int asked = 0;
        await using StubDaemon stub = await StubDaemon.Start((request, context) =>
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                job.Finish();
            }

            return asked == 1 ? StubDaemon.Json(context, job.Running) : job.AnswerAsync(request, context);
        });

        ToolRun run = await stub.Kuid("wait", "7");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((9, string.Empty, string.Empty));
        stub.Requests.Should().Equal("GET /v1/jobs/7?wait=60", "GET /v1/jobs/7?wait=60");
        (await stub.Kuid("wait", "7", "-o", "id")).Text.Should().Be("7\n");
    }

    [Fact]
    public async Task Wait_for_several_exits_as_the_first_in_their_order_that_did_not_succeed()
    {
        await using StubDaemon stub = await StubDaemon.Start((request, context) => request switch
        {
            "GET /v1/jobs/1" => StubDaemon.Json(context, Ended(1, """ "state":"succeeded" """)),
            "GET /v1/jobs/2" => StubDaemon.Json(context, Ended(2, """ "state":"failed","reason":"exit","exitCode":4 """)),
            "GET /v1/jobs/3" => StubDaemon.Json(context, Ended(3, """ "state":"failed","reason":"exit","exitCode":5 """)),
            _ => StubDaemon.Problem(context, StatusCodes.Status404NotFound, "notfound", "there is no such job"),
        });

        (await stub.Kuid("wait", "1", "3", "2", "-o", "id")).Should().BeEquivalentTo(new { ExitCode = 5, Text = "1\n3\n2\n", Stderr = string.Empty });
        (await stub.Kuid("wait", "1", "9")).Should().BeEquivalentTo(new { ExitCode = 125, Text = string.Empty, Stderr = "kuid: there is no such job\n" });
        (await stub.Kuid("wait", "1", "1")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Logs_of_several_are_lines_with_the_number_of_their_job()
    {
        static Task Write(HttpContext context, string text)
        {
            context.Response.ContentType = "application/octet-stream";
            return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text)).AsTask();
        }

        await using StubDaemon stub = await StubDaemon.Start((request, context) => request switch
        {
            "GET /v1/jobs/1/stdout" => Write(context, "a\n\nb"),
            "GET /v1/jobs/2/stdout" => Write(context, "c\n"),
            "GET /v1/jobs/2/stderr" => Write(context, "trouble\n"),
            _ => Write(context, string.Empty),
        });

        ToolRun inTurn = await stub.Kuid("logs", "1", "2"), followed = await stub.Kuid("logs", "-f", "1", "2");

        (inTurn.ExitCode, inTurn.Text, inTurn.Stderr).Should().Be((0, "1: a\n1: \n1: b\n2: c\n", "2: trouble\n"));
        followed.Text.Split('\n').Should().BeEquivalentTo("1: a", "1: ", "1: b", "2: c", string.Empty);
    }

    [Theory]
    [InlineData("wait", "7")]
    [InlineData("logs", "-f", "7")]
    public async Task Ctrl_C_ends_the_waiting_and_not_the_job(params string[] words)
    {
        var job = new StubJob();
        job.Stdout = context => job.Ended.WaitAsync(context.RequestAborted);
        job.Stderr = job.Stdout;
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, words);
        await Eventually.Holds(() => !stub.Requests.IsEmpty, "it waits");

        await KuidCommand.Signal(kuid, "INT");

        (await KuidCommand.WaitForExit(kuid)).Should().Be(130);
        job.Canceled.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Cancel_goes_through_all_jobs_and_tells_of_those_that_were_refused()
    {
        var job = new StubJob();
        await using StubDaemon stub = await StubDaemon.Start((request, context) =>
            request == "POST /v1/jobs/6/cancel"
                ? StubDaemon.Problem(context, StatusCodes.Status404NotFound, "notfound", "there is no job 6")
                : job.AnswerAsync(request, context));

        ToolRun run = await stub.Kuid("cancel", "6", "7", "-o", "id");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((125, "7\n", "kuid: there is no job 6\n"));
        (await stub.Kuid("cancel", "7")).Should().BeEquivalentTo(new { ExitCode = 0, Text = string.Empty, Stderr = string.Empty });
    }

    [Fact]
    public async Task Signal_sends_the_number_of_the_name()
    {
        string sent = string.Empty;
        var job = new StubJob
        {
            Signal = (context, body) =>
            {
                sent = body;
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            },
        };
        await using StubDaemon stub = await job.Serve();

        (await stub.Kuid("signal", "usr1", "7")).ExitCode.Should().Be(0);

        sent.Should().Be("""{"signal":"10"}""");
    }

    [Theory]
    [InlineData("logs 7", "out", "err", "GET /v1/jobs/7/stderr?follow=false;GET /v1/jobs/7/stdout?follow=false")]
    [InlineData("logs --stdout --follow 7", "out", "", "GET /v1/jobs/7/stdout?follow=true")]
    [InlineData("logs --stderr --tail 9 7", "", "err", "GET /v1/jobs/7/stderr?follow=false&tail=9")]
    public async Task Logs_takes_each_stream_to_its_own(string words, string stdout, string stderr, string requests)
    {
        var job = new StubJob
        {
            Stdout = context => context.Response.Body.WriteAsync("out"u8.ToArray()).AsTask(),
            Stderr = context => context.Response.Body.WriteAsync("err"u8.ToArray()).AsTask(),
        };
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await stub.Kuid(words.Split(' '));

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, stdout, stderr));
        string.Join(';', stub.Requests.Order(StringComparer.Ordinal)).Should().Be(requests);
    }

    [Fact]
    public async Task Streams_that_share_a_file_do_not_overwrite_each_other()
    {
        var job = new StubJob
        {
            Stdout = context => context.Response.Body.WriteAsync(new byte[100_000]).AsTask(),
            Stderr = context => context.Response.Body.WriteAsync(new byte[100_000]).AsTask(),
        };
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await KuidCommand.Shell($"{{ echo before; \"$KUID\" logs 7; echo after; }} > {stub.Folder}/f 2>&1; wc -c < {stub.Folder}/f", stub.Socket);

        run.Text.Should().Be("200013\n");
    }

    [Fact]
    public async Task Version_has_both_versions()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(
            context, """{"version":"9.9.9","api":"v1","runtime":".NET 10.0.0","store":"SQLite 3.51.3 (system)"}"""));

        (await stub.Kuid("version")).Text.Should().MatchRegex(@"^kuid \d+\.\d+\.\d+\nkuid-jobd 9\.9\.9 \(API v1, runtime \.NET 10\.0\.0, history in SQLite 3\.51\.3 \(system\)\)\n$");
    }

    private static string Ended(long id, string members) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"id":{{id}},"createdAt":"2026-03-01T10:20:30.123Z",{{members.Trim()}}}""");
}
