using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary><c>kuid ps -w</c> with a stub whose jobs and events the test decides.</summary>
public sealed class WatchSpecs : IAsyncDisposable
{
    private readonly System.Threading.Channels.Channel<string> _events = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private volatile string[] _jobs = [];
    private StubDaemon? _stub;

    [Fact]
    public async Task In_a_pipe_there_are_the_jobs_and_then_a_line_for_each_change()
    {
        _jobs = [Job(9, "running"), Job(8, "queued")];
        StubDaemon stub = await Serve();
        using Process kuid = KuidCommand.Start(stub.Socket, "ps", "-w", "-o", "ndjson");
        (await Line(kuid)).Should().Contain("\"id\":8,").And.Contain("\"state\":\"queued\"");
        (await Line(kuid)).Should().Contain("\"id\":9,");

        // What the stream still has of the time before the list has been said.
        Change(8, "queued");
        Change(9, "queued");
        Change(9, "succeeded");
        Change(8, "running");
        Change(10, "queued");

        (await Line(kuid)).Should().Contain("\"id\":9,").And.Contain("succeeded");
        (await Line(kuid)).Should().Contain("\"id\":8,").And.Contain("running");
        (await Line(kuid)).Should().Contain("\"id\":10,").And.Contain("queued");
        await KuidCommand.Signal(kuid, "INT");
        (await KuidCommand.WaitForExit(kuid)).Should().Be(130);
    }

    [Fact]
    public async Task A_filter_is_for_the_changes_too()
    {
        StubDaemon stub = await Serve();
        using Process kuid = KuidCommand.Start(
            stub.Socket, "ps", "-w", "-o", "id", "--state", "failed", "--queue", "q", "--label", "a=b", "--q", "mak", "--created-after", "2026-01-01");
        await Eventually.Holds(() => stub.Requests.Any(request => request.StartsWith("GET /v1/jobs?", StringComparison.Ordinal)), "it lists");

        const string Passes = ""","queue":"q","labels":{"a":"b"},"command":"make" """;
        Change(1, "failed");
        Change(2, "failed", Passes.Replace("\"q\"", "\"r\"", StringComparison.Ordinal));
        Change(3, "succeeded", Passes);
        Change(4, "failed", Passes.Replace("\"b\"", "\"c\"", StringComparison.Ordinal));
        Change(5, "failed", Passes.Replace("make", "touch", StringComparison.Ordinal));
        Change(6, "failed", Passes);

        (await Line(kuid)).Should().Be("6");
        _events.Writer.Complete();
        (await KuidCommand.WaitForExit(kuid)).Should().Be(125);
        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be($"kuid: the daemon at {stub.Socket} has ended the stream of events\n");
    }

    [Fact]
    public async Task An_array_without_an_end_is_refused() =>
        (await KuidCommand.Run(["ps", "-w", "-o", "json"])).Stderr.Should().StartWith("kuid: ps: --watch has no end").And.Contain("ndjson");

    [Fact]
    public async Task On_a_terminal_the_list_is_as_it_is_now_and_q_brings_back_what_was_there()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        _jobs = [Job(9, "running"), Job(8, "queued", $""","command":"{new string('x', 300)}" """)];
        StubDaemon stub = await Serve();
        await using Tmux terminal = await Tmux.Start(
            $"echo before; TZ=UTC KUID_SOCKET='{stub.Socket}' '{KuidCommand.Program}' ps -w; echo \"left $?\"; read line; echo \"got $line\"; exit 0", width: 90, height: 8);
        await terminal.Until(screen => screen.StartsWith("2 jobs, ", StringComparison.Ordinal) && screen.Contains("\n9   running", StringComparison.Ordinal), "the jobs are shown");
        (await terminal.Screen()).Split('\n').Should().HaveCount(4).And.OnlyContain(line => line.Length <= 90, "a long command is cut");

        _jobs = [.. Enumerable.Range(10, 20).Reverse().Select(id => Job(id, "running"))];
        Change(10, "running");
        await terminal.Until(
            screen => screen.StartsWith("6 newest jobs, ", StringComparison.Ordinal) && screen.Contains("\n29  running", StringComparison.Ordinal) && screen.Split('\n').Length == 8,
            "as many as there is room for");
        await terminal.Resize(60, 12);
        await terminal.Until(screen => screen.StartsWith("10 newest jobs, ", StringComparison.Ordinal) && screen.Split('\n').Length == 12, "there is room for more");

        await terminal.Press("q");

        await terminal.Until(screen => screen == "before\nleft 0", "the screen is what it was");
        await terminal.Enter("abc");
        await terminal.Until(screen => screen.Contains("abc\ngot abc", StringComparison.Ordinal), "the terminal shows what is typed, in lines");
    }

    [Theory]
    [InlineData("key", "left 130")]
    [InlineData("TERM", "left 130")]
    [InlineData("daemon", "left 125")]
    public async Task Whatever_ends_it_the_terminal_is_as_it_was(string end, string left)
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        using var folder = new TempFolder();
        _jobs = [Job(9, "running")];
        StubDaemon stub = await Serve();
        await using Tmux terminal = await Tmux.Start(
            $"echo before; KUID_SOCKET='{stub.Socket}' sh -c 'echo $$ > {folder["pid"]}; exec \"$0\" ps -w' '{KuidCommand.Program}'; echo \"left $?\"; stty -a | grep -o '.icanon\\|.isig\\|.echo ' | tr -d '\\n'; read line");
        await terminal.Shows("1 job, ");

        switch (end)
        {
            case "key":
                await terminal.Press("C-c");
                break;
            case "daemon":
                _events.Writer.Complete();
                break;
            default:
                (await ToolRun.Of("kill", ["-" + end, (await File.ReadAllTextAsync(folder["pid"], TestContext.Current.CancellationToken)).Trim()])).ExitCode.Should().Be(0);
                break;
        }

        await terminal.Until(screen => screen.StartsWith("before\n", StringComparison.Ordinal) && screen.Contains(left, StringComparison.Ordinal), "the screen is what it was");
        await terminal.Until(screen => !screen.Contains("-icanon", StringComparison.Ordinal) && !screen.Contains("-echo", StringComparison.Ordinal), "and so is the terminal");
    }

    public async ValueTask DisposeAsync()
    {
        if (_stub is not null)
        {
            await _stub.DisposeAsync();
        }
    }

    private static string Job(long id, string state, string members = "") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"id":{{id}},"createdAt":"2026-03-01T10:20:30.123Z","state":"{{state}}"{{members.TrimEnd()}}}""");

    private void Change(long id, string state, string members = "") => _events.Writer.TryWrite($"event: state\ndata: {Job(id, state, members)}\nid: x.{id}\n\n");

    private async Task<StubDaemon> Serve() => _stub = await StubDaemon.Start(async (request, context) =>
    {
        if (request != "GET /v1/events")
        {
            string[] jobs = [.. _jobs.Take(int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture))];
            string next = jobs.Length < _jobs.Length ? "\"more\"" : "null";
            await StubDaemon.Json(context, $$"""{"items":[{{string.Join(',', jobs)}}],"nextCursor":{{next}}}""");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("event: ping\ndata: {}\nid: x.0\n\n");
        await context.Response.Body.FlushAsync();
        await foreach (string change in _events.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(change);
            await context.Response.Body.FlushAsync();
        }
    });

    private static async Task<string?> Line(Process kuid) => await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
}
