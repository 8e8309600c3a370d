using System.Text;
using System.Text.Json;
using Kuid.Jobd.Core.Services;

namespace Kuid.Services.Tests;

public sealed class FramedCallSpecs
{
    private static readonly ServiceDefinition Shell = new() { Name = "shell", Stderr = StderrMode.Separate, Env = ["TERM"] };

    [Fact]
    public async Task Frames_go_both_ways_and_are_counted_and_the_connection_closes_after_the_exit()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        using Caller caller = await daemon.Connect();
        await caller.ReadLine();
        byte[] first = [.. FrameWriter.ToBytes(Frame.OfText(FrameKind.Env, "TERM=xterm")), .. FrameWriter.ToBytes(Frame.Empty(FrameKind.Start))];
        await caller.Send((byte[])[.. "shell!frames\n\n-l\n\n"u8, .. first]);
        using StubCall call = await subserver.Call();
        call.Mode.Should().Be("frames");
        byte[] got = new byte[first.Length];
        await Fill(call, got);
        got.Should().Equal(first);
        await call.Started(12);
        await call.Stream.Send(Frame.OfStarted(12, onTerminal: false));
        await caller.Send(new Frame(FrameKind.In, "input"u8.ToArray()));
        await Fill(call, new byte[Frame.HeaderBytes + 5]);
        await call.Stream.Send(new Frame(FrameKind.Out, "output"u8.ToArray()));
        await call.Stream.Send(new Frame(FrameKind.Err, "error"u8.ToArray()));
        await call.Stream.Send(Frame.OfExit(0x0700));
        await call.Ended(0x0700);

        (await caller.ReadFrame())!.Value.Started().Should().Be((12, false));
        Encoding.ASCII.GetString((await caller.ReadFrame())!.Value.Payload.Span).Should().Be("output");
        (await caller.ReadFrame())!.Value.Kind.Should().Be(FrameKind.Err);
        (await caller.ReadFrame())!.Value.Exit().Should().Be(0x0700);
        (await caller.ReadFrame()).Should().BeNull();
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        job.GetProperty("exitCode").GetInt32().Should().Be(7);
        string[] members = ["stdinBytes", "stdoutBytes", "stderrBytes"];
        members.Select(member => job.GetProperty(member).GetInt64()).Should().Equal(5, 6, 5);
        job.GetProperty("passedThrough").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_program_that_reads_nothing_stops_its_caller_and_loses_none_of_its_bytes()
    {
        const int Frames = 400;
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        using Caller caller = await daemon.Connect();
        await caller.Send("shell!frames\n\n\n");
        using StubCall call = await subserver.Call();
        byte[] payload = new byte[Frame.MaxPayload];
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Frames; i++)
            {
                payload[0] = (byte)i;
                await caller.Send(new Frame(FrameKind.In, payload));
            }
        });
        long before;
        long sent = 0;
        await Eventually.Holds(
            async () =>
            {
                before = sent;
                JsonElement job = await daemon.NewestJob(_ => true, "there is a job");
                sent = job.GetProperty("stdinBytes").GetInt64();
                return sent > 0 && sent == before;
            },
            "the copying pauses");
        sending.IsCompleted.Should().BeFalse("26 MB are more than the sockets in between hold");

        for (int i = 0; i < Frames; i++)
        {
            byte[] got = new byte[Frame.HeaderBytes + Frame.MaxPayload];
            await Fill(call, got);
            got[Frame.HeaderBytes].Should().Be((byte)i);
        }

        await sending;
    }

    [Fact]
    public async Task A_caller_that_goes_away_has_its_program_hung_up_and_ended()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        Caller caller = await daemon.Connect();
        await caller.Send("shell!frames\n\n\n");
        using StubCall call = await subserver.Call();
        caller.Dispose();

        byte[] got = new byte[Frame.HeaderBytes + 3];
        await Fill(call, got);
        got.Should().Equal(FrameWriter.ToBytes(Frame.OfText(FrameKind.Signal, "HUP")));
        (await subserver.Next()).Verb.Should().Be(RegistryVerb.End);
        await call.Stream.Send(Frame.OfExit(1));
        await call.Ended(1);
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        (job.GetProperty("state").GetString(), job.GetProperty("detail").GetString()).Should().Be(("canceled", "the caller has gone"));
    }

    [Fact]
    public async Task What_is_no_frame_ends_the_call_and_its_caller_is_told()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        using Caller caller = await daemon.Connect();
        await caller.ReadLine();
        await caller.Send((byte[])[.. "shell!frames\n\n\n"u8, 1, 0, 0, 0, 0]);
        using StubCall call = await subserver.Call();

        (await caller.ReadFrame())!.Value.Text().Should().Be("1 is no kind of a frame from a caller");
        (await subserver.Next()).Verb.Should().Be(RegistryVerb.End);
        await call.Stream.Send(Frame.OfExit(15));
        await call.Ended(15);
        (await caller.ReadFrame()).Should().BeNull();
    }

    [Fact]
    public async Task A_caller_whose_subserver_goes_is_told_in_a_frame()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        using Caller caller = await daemon.Connect();
        await caller.ReadLine();
        await caller.Send("shell!frames\n\n\n");
        StubCall call = await subserver.Call();
        await subserver.DisposeAsync();
        call.Dispose();

        Frame frame = (await caller.ReadFrame())!.Value;
        (frame.Kind, frame.Text()).Should().Be((FrameKind.Error, "whoever ran it has gone"));
        (await caller.ReadFrame()).Should().BeNull();
    }

    [Fact]
    public async Task A_signal_over_HTTP_reaches_the_subserver_as_a_frame()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Shell);
        using Caller caller = await daemon.Connect();
        await caller.Send("shell!frames\n\n\n");
        using StubCall call = await subserver.Call();
        await call.Started(99);
        await daemon.NewestJob(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "the program runs");

        using HttpResponseMessage answer = await daemon.Post($"/v1/jobs/{call.Id}/signal", """{"signal":"USR1"}""");

        ((int)answer.StatusCode).Should().Be(204, await answer.Content.ReadAsStringAsync());
        byte[] got = new byte[Frame.HeaderBytes + 4];
        await Fill(call, got);
        got.Should().Equal(FrameWriter.ToBytes(Frame.OfText(FrameKind.Signal, "USR1")));
    }

    private static async Task Fill(StubCall call, byte[] buffer)
    {
        for (int at = 0, n; at < buffer.Length; at += n)
        {
            n = await call.Stream.Socket.ReceiveAsync(buffer.AsMemory(at));
            n.Should().BePositive("the connection is open");
        }
    }
}
