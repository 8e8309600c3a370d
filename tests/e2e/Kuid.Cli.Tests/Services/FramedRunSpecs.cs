using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Tests.Services;

/// <summary>Calls in frames: on pipes and on a terminal.</summary>
public sealed class FramedRunSpecs
{
    private static readonly ServiceDefinition Separate = new() { Name = "s", Stderr = StderrMode.Separate };
    private static readonly ServiceDefinition OnTerminal = new() { Name = "s", Pty = true };

    [Fact]
    public async Task The_streams_are_frames_of_their_own_and_the_exit_is_the_last()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ncat; echo oops >&2; exit 5\n", framed: true, Separate);

        await call.Send(FrameKind.Start);
        Frame started = (await call.Next())!.Value;
        (int pid, bool onTerminal) = started.Started();
        await call.Send(FrameKind.In, "a\n");
        await call.Send(FrameKind.In, "b\n");
        await call.Send(FrameKind.In);

        started.Kind.Should().Be(FrameKind.Started);
        onTerminal.Should().BeFalse();
        (await call.All()).Should().Be(("a\nb\n", "oops\n", "exit 5"));
        (await call.Report()).Should().Be($"STARTED 7 {pid}");
        (await call.Report()).Should().MatchRegex("^ENDED 7 1280 [0-9]+ [0-9]+ [0-9]+ -1 -1$");
    }

    [Fact]
    public async Task Merged_standard_error_comes_in_its_place_in_the_output()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho 1; echo 2 >&2; echo 3\n", framed: true);

        await call.Send(FrameKind.Start);

        (await call.All()).Should().Be(("1\n2\n3\n", string.Empty, "exit 0"));
    }

    [Fact]
    public async Task A_megabyte_goes_through_and_back_whatever_the_caller_reads_first()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nexec cat\n", framed: true);
        byte[] sent = new byte[3_000_000];
        new Random(2).NextBytes(sent);

        await call.Send(FrameKind.Start);
        Task sending = SendAsync();
        using var received = new MemoryStream();
        Frame? frame;
        while ((frame = await call.Next()) is { Kind: not FrameKind.Exit } part)
        {
            received.Write(part.Kind == FrameKind.Out ? part.Payload.Span : []);
        }

        await sending;
        received.ToArray().AsSpan().SequenceEqual(sent).Should().BeTrue();

        async Task SendAsync()
        {
            for (int at = 0; at < sent.Length; at += 50_000)
            {
                await call.Frames.WriteAsync(new Frame(FrameKind.In, sent.AsMemory(at, 50_000)));
            }

            await call.Send(FrameKind.In);
        }
    }

    [Fact]
    public async Task Signals_reach_a_program_that_does_not_read_what_is_in_front_of_them()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ntrap 'echo got it; exit 4' INT\necho ready\nwhile :; do sleep 0.05; done\n", framed: true);
        await call.Send(FrameKind.Start);
        await call.Until("ready\n");

        await call.Frames.WriteAsync(new Frame(FrameKind.In, new byte[65536]));
        await call.Frames.WriteAsync(new Frame(FrameKind.In, new byte[65536]));
        await call.Send(FrameKind.Signal, "INT");

        (await call.All()).Should().Be(("got it\n", string.Empty, "exit 4"));
    }

    [Fact]
    public async Task A_signal_may_end_it()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nexec sleep 1000\n", framed: true);
        await call.Send(FrameKind.Start);

        await call.Send(FrameKind.Signal, "KILL");

        (await call.All()).End.Should().Be("SIGKILL");
    }

    [Fact]
    public async Task The_caller_sets_variables_that_are_allowed()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho \"$LANG $A\"\n", framed: true, new ServiceDefinition { Name = "s", Env = ["LANG", "A"] });

        await call.Send(FrameKind.Env, "LANG=en");
        await call.Send(FrameKind.Env, "LANG=de");
        await call.Send(FrameKind.Env, "A=x=y z");
        await call.Send(FrameKind.Start);

        (await call.All()).Should().Be(("de x=y z\n", string.Empty, "exit 0"));
    }

    [Theory]
    [InlineData(FrameKind.Env, "LD_PRELOAD=/x", "s lets its callers not set LD_PRELOAD; allowed: LANG")]
    [InlineData(FrameKind.Env, "LANG", "\"LANG\" is no NAME=value")]
    [InlineData(FrameKind.Env, "LANG=a\0b", "LANG has a NUL")]
    [InlineData(FrameKind.In, "x", "a frame of the kind In comes after the start")]
    [InlineData(FrameKind.Window, "x", "a frame of the kind Window has 8 bytes, this one has 1")]
    [InlineData(FrameKind.Out, "x", "1 is no kind of a frame from a caller")]
    public async Task What_a_caller_may_not_say_is_refused_before_anything_runs(FrameKind kind, string text, string why)
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ntouch \"$0.ran\"\n", framed: true, new ServiceDefinition { Name = "s", Env = ["LANG"] });

        await call.Send(kind, text);
        try
        {
            await call.Send(FrameKind.Start);
        }
        catch (NativeException e) when (e.Errno == Errno.EPIPE)
        {
            // It has been refused and closed already.
        }

        (await call.All()).Should().Be((string.Empty, string.Empty, "error: " + why));
        (await call.Report()).Should().Be("FAILED 7 " + why);
        await call.Run;
        File.Exists(call["program.ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_caller_that_leaves_before_the_start_has_started_nothing()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ntouch \"$0.ran\"\n", framed: true);

        call.Caller.Dispose();

        (await call.Report()).Should().Be("FAILED 7 the caller left before the start");
        File.Exists(call["program.ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_program_by_SIGHUP()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nexec 2>/dev/null\ntrap 'exit 9' HUP\necho ready\nwhile :; do sleep 0.05; done\n", framed: true);
        await call.Send(FrameKind.Start);
        await call.Until("ready\n");

        call.Caller.Dispose();

        (await call.Report()).Should().StartWith("STARTED");
        (await call.Report()).Should().StartWith($"ENDED 7 {9 << 8} ");
    }

    [Fact]
    public async Task A_program_that_ignores_the_signals_of_its_end_is_killed_when_it_shall_be_quick()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ntrap '' TERM HUP\necho ready\nwhile :; do sleep 0.05; done\n", framed: true);
        await call.Send(FrameKind.Start);
        await call.Until("ready\n");

        call.Ending.Request(15);
        call.Ending.Hurry();

        (await call.All()).End.Should().Be("SIGKILL");
    }

    [Fact]
    public async Task What_cannot_be_started_is_an_error()
    {
        using var call = new CallHarness();
        call.Begin("#!/no/such/interpreter\n", framed: true);

        await call.Send(FrameKind.Start);

        string why = $"exec {call["program"]}: ENOENT (No such file or directory)";
        (await call.All()).End.Should().Be("error: " + why);
        (await call.Report()).Should().Be("FAILED 7 " + why);
    }

    [Fact]
    public async Task A_terminal_has_the_size_and_the_name_of_the_callers()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nstty size; echo $TERM; test -t 0 && test -t 1 && test -t 2 && echo terminal\n", framed: true, OnTerminal);

        await call.Frames.WriteAsync(Frame.OfWindow(new WindowSize(33, 77)));
        await call.Send(FrameKind.Env, "TERM=vt220");
        await call.Send(FrameKind.Start);
        (await call.Next())!.Value.Started().OnTerminal.Should().BeTrue();

        (await call.All()).Should().Be(("33 77\r\nvt220\r\nterminal\r\n", string.Empty, "exit 0"));
    }

    [Fact]
    public async Task A_change_of_the_size_is_told_to_the_program()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\ntrap 'stty size; exit' WINCH\necho ready\nwhile :; do sleep 0.05; done\n", framed: true, OnTerminal);
        await call.Send(FrameKind.Start);
        await call.Until("ready");

        await call.Frames.WriteAsync(Frame.OfWindow(new WindowSize(40, 100)));

        await call.Until("40 100");
    }

    [Fact]
    public async Task Ctrl_C_is_a_key_of_the_terminal()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho ready\nexec sleep 1000\n", framed: true, OnTerminal);
        await call.Send(FrameKind.Start);
        await call.Until("ready");

        await call.Send(FrameKind.In, "\u0003");

        (await call.All()).End.Should().Be("SIGINT");
    }

    [Theory]
    [InlineData("whole\n")]
    [InlineData("no line")]
    [InlineData("")]
    public async Task The_end_of_the_input_ends_a_reader_on_a_terminal(string text)
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nstty -echo; echo ready; cat; echo end\n", framed: true, OnTerminal);
        await call.Send(FrameKind.Start);
        await call.Until("ready");

        if (text.Length > 0)
        {
            await call.Send(FrameKind.In, text);
        }

        await call.Send(FrameKind.In);

        (await call.All()).Out.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\n').Should().Be(text + "end\n");
    }

    [Fact]
    public async Task The_last_output_of_a_terminal_is_not_lost()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nseq 20000\n", framed: true, OnTerminal);
        await call.Send(FrameKind.Start);

        (string output, _, string end) = await call.All();

        end.Should().Be("exit 0");
        output.Replace("\r", string.Empty, StringComparison.Ordinal).Should().Be(string.Concat(Enumerable.Range(1, 20000).Select(n => $"{n}\n")));
    }
}
