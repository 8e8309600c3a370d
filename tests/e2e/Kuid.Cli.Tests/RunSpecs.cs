using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>What <c>kuid run</c> does with answers that a stub gives; DaemonRunSpecs is the same with real jobs.</summary>
public sealed class RunSpecs
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Fifty_megabytes_pass_through_both_ways_byte_for_byte()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(50 * Megabyte);
        var job = new StubJob();
        var echoing = new TaskCompletionSource<HttpContext>();
        job.Stdout = async context =>
        {
            echoing.SetResult(context);
            await job.Ended;
        };
        job.Stdin = async context =>
        {
            await context.Request.Body.CopyToAsync((await echoing.Task).Response.Body);
            job.Finish();
        };
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await KuidCommand.Run(["run", "cat"], bytes, ("KUID_SOCKET", stub.Socket));

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        run.Stdout.AsSpan().SequenceEqual(bytes).Should().BeTrue("no byte is lost, added or changed");
        stub.Requests.Should().Contain("PUT /v1/jobs/7/stdin?offset=0&eof=true");
    }

    [Fact]
    public async Task Each_stream_goes_to_its_own_as_it_comes()
    {
        var job = new StubJob { End = """ "state":"failed","reason":"exit","exitCode":7 """ };
        var go = new TaskCompletionSource();
        job.Stdout = async context =>
        {
            await context.Response.Body.WriteAsync("first\n"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.Body.WriteAsync("second\n"u8.ToArray());
            job.Finish();
        };
        job.Stderr = context => context.Response.Body.WriteAsync("trouble\n"u8.ToArray()).AsTask();
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "x");

        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("first", "the job still runs");
        go.SetResult();

        (await kuid.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("second\n");
        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("trouble\n");
        (await KuidCommand.WaitForExit(kuid)).Should().Be(7);
    }

    [Fact]
    public async Task A_line_typed_now_arrives_now_and_the_end_of_the_job_ends_run_while_stdin_is_open()
    {
        var job = new StubJob();
        job.Stdin = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            (await reader.ReadLineAsync()).Should().Be("typed");
            job.Finish();
            await reader.ReadToEndAsync();
        };
        job.Stdout = _ => job.Ended;
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "head", "-1");

        await kuid.StandardInput.WriteAsync("typed\n");
        await kuid.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        (await KuidCommand.WaitForExit(kuid)).Should().Be(0, "nobody waits for the rest of the input");
    }

    [Theory]
    [InlineData("\"$KUID\" run cat < /dev/null", "none")]
    [InlineData("\"$KUID\" run -n cat", "none")]
    [InlineData("echo x | \"$KUID\" run cat", "stream")]
    public async Task An_empty_input_is_not_streamed(string line, string mode)
    {
        var job = new StubJob();
        job.Finish();
        await using StubDaemon stub = await job.Serve();

        (await KuidCommand.Shell(line, stub.Socket)).ExitCode.Should().Be(0);

        stub.Submissions.Should().ContainSingle().Which.Should().Contain($"\"stdinMode\":\"{mode}\"");
    }

    [Theory]
    [InlineData("notrunning")]
    [InlineData("closed")]
    public async Task A_job_that_wants_no_more_stdin_is_no_failure(string code)
    {
        var job = new StubJob();
        job.Stdin = async context =>
        {
            await StubDaemon.Problem(context, StatusCodes.Status409Conflict, code, "no more");
            await context.Response.CompleteAsync();
            job.Finish();
        };
        job.Stdout = _ => job.Ended;
        await using StubDaemon stub = await StubDaemon.Start((request, context) =>
            request.StartsWith("PUT", StringComparison.Ordinal) ? job.Stdin(context) : job.AnswerAsync(request, context));

        ToolRun run = await KuidCommand.Run(["run", "true"], "input"u8.ToArray(), ("KUID_SOCKET", stub.Socket));

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
    }

    [Fact]
    public async Task Stdin_that_the_daemon_refuses_cancels_the_job_and_is_a_failure_of_kuids_own()
    {
        var job = new StubJob();
        job.Stdout = _ => job.Canceled;
        await using StubDaemon stub = await StubDaemon.Start((request, context) => request.StartsWith("PUT", StringComparison.Ordinal)
            ? StubDaemon.Problem(context, StatusCodes.Status409Conflict, "offset", "the body begins at offset 0, but 5 bytes have been received")
            : job.AnswerAsync(request, context));

        ToolRun run = await KuidCommand.Run(["run", "cat"], "input"u8.ToArray(), ("KUID_SOCKET", stub.Socket));

        run.Stderr.Should().Be("kuid: the body begins at offset 0, but 5 bytes have been received\n");
        run.ExitCode.Should().Be(125);
        job.Canceled.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task Ctrl_C_signals_the_job_and_a_second_one_cancels_it()
    {
        var job = new StubJob { End = """ "state":"canceled","reason":"canceled","signal":"SIGTERM","exitCode":null """ };
        var signalled = new TaskCompletionSource<string>();
        job.Signal = (context, body) =>
        {
            signalled.SetResult(body);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        };
        var attached = new TaskCompletionSource();
        job.Stdout = async _ =>
        {
            attached.SetResult();
            await job.Canceled;
            job.Finish();
        };
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "sleep", "1000");
        await attached.Task;

        await KuidCommand.Signal(kuid, "INT");
        (await signalled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Should().Be("""{"signal":"SIGINT"}""");
        job.Canceled.IsCompleted.Should().BeFalse("the job may make of it what it likes");

        await KuidCommand.Signal(kuid, "INT");

        (await KuidCommand.WaitForExit(kuid)).Should().Be(143);
        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("kuid: job 7 was canceled\n");
    }

    [Fact]
    public async Task Ctrl_C_cancels_a_job_that_still_waits()
    {
        var job = new StubJob { End = """ "state":"canceled","reason":"canceled" """ };
        job.Signal = (context, _) => StubDaemon.Problem(context, StatusCodes.Status409Conflict, "notrunning", "job 7 has not started");
        var attached = new TaskCompletionSource();
        job.Stdout = async _ =>
        {
            attached.SetResult();
            await job.Canceled;
            job.Finish();
        };
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "sleep", "1000");
        await attached.Task;

        await KuidCommand.Signal(kuid, "INT");

        (await KuidCommand.WaitForExit(kuid)).Should().Be(143);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_that_would_end_kuid_cancels_the_job(string signal)
    {
        var job = new StubJob { End = """ "state":"canceled","reason":"canceled","signal":"SIGTERM" """ };
        var attached = new TaskCompletionSource();
        job.Stdout = async _ =>
        {
            attached.SetResult();
            await job.Canceled;
            job.Finish();
        };
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "sleep", "1000");
        await attached.Task;

        await KuidCommand.Signal(kuid, signal);

        (await KuidCommand.WaitForExit(kuid)).Should().Be(143);
    }

    [Fact]
    public async Task A_third_Ctrl_C_leaves_a_daemon_that_does_nothing()
    {
        var job = new StubJob();
        var hanging = new TaskCompletionSource();
        int signals = 0;
        job.Signal = async (context, _) =>
        {
            Interlocked.Increment(ref signals);
            await hanging.Task.WaitAsync(context.RequestAborted);
        };
        var attached = new TaskCompletionSource();
        job.Stdout = async context =>
        {
            attached.SetResult();
            await hanging.Task.WaitAsync(context.RequestAborted);
        };
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "sleep", "1000");
        await attached.Task;

        await KuidCommand.Signal(kuid, "INT");
        await Eventually.Holds(() => signals == 1, "the first is passed on");

        // Signals of one kind that come close together become one: it is asked again until it has gone.
        await Eventually.Holds(
            async () =>
            {
                if (!kuid.HasExited)
                {
                    await ToolRun.Of("kill", ["-INT", kuid.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                }

                return kuid.HasExited;
            },
            "kuid has gone");
        kuid.ExitCode.Should().Be(130);
    }

    [Fact]
    public async Task A_reader_that_has_gone_ends_it_quietly_and_cancels_the_job()
    {
        var job = new StubJob();
        job.Stdout = async context =>
        {
            byte[] lines = [.. Enumerable.Repeat("y\n"u8.ToArray(), 4096).SelectMany(line => line)];
            while (!job.Canceled.IsCompleted)
            {
                await context.Response.Body.WriteAsync(lines, context.RequestAborted);
            }
        };
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await KuidCommand.Shell("\"$KUID\" run -n yes | head -1; echo \"${PIPESTATUS[0]}\"", stub.Socket);

        (run.Text, run.Stderr).Should().Be(("y\n141\n", string.Empty));
        await job.Canceled.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_no_end_of_output()
    {
        var arrived = new TaskCompletionSource();
        var job = new StubJob();
        job.Stdout = async context =>
        {
            await context.Response.Body.WriteAsync("half\n"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await arrived.Task;
            context.Abort();
        };
        job.Finish();
        await using StubDaemon stub = await job.Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "run", "-n", "x");

        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("half");
        arrived.SetResult();

        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should()
            .StartWith($"kuid: the connection to the daemon at {stub.Socket} broke: ");
        (await KuidCommand.WaitForExit(kuid)).Should().Be(125);
    }

    [Theory]
    [InlineData(""" "state":"failed","reason":"timeout","signal":"SIGTERM","timeoutSeconds":1.5 """, 124, "kuid: job 7 took longer than its timeout of 1.5s\n")]
    [InlineData(""" "state":"failed","reason":"spawn","detail":"exec nosuch: ENOENT (No such file or directory)" """, 127, "kuid: job 7 could not be started: exec nosuch: ENOENT (No such file or directory)\n")]
    [InlineData(""" "state":"lost","reason":"lost" """, 125, "kuid: job 7 lost: lost\n")]
    [InlineData(""" "state":"failed","reason":"signal","signal":"SIGKILL" """, 137, "")]
    public async Task What_an_exit_code_cannot_say_is_said(string end, int code, string line)
    {
        var job = new StubJob { End = end };
        job.Finish();
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await stub.Kuid("run", "-n", "x");

        (run.ExitCode, run.Stderr).Should().Be((code, line));
    }

    [Fact]
    public async Task A_gap_in_the_output_is_told()
    {
        var job = new StubJob();
        job.Finish();
        await using StubDaemon stub = await StubDaemon.Start((request, context) =>
        {
            context.Response.Headers["Kuid-Truncated"] = request.EndsWith("stdout", StringComparison.Ordinal) ? "true" : "false";
            return job.AnswerAsync(request, context);
        });

        (await stub.Kuid("logs", "7")).Stderr.Should().Be("kuid: the middle of job 7's stdout was not kept; what follows is its head and its tail\n");
    }
}
