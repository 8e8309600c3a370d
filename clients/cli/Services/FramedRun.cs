using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>
/// A call with frames: the program has pipes or a terminal, and its streams, signals, the size of its terminal and its end are
/// frames on a socket.
/// </summary>
/// <remarks>
/// As with every job, the process, its output and its input end separately, and the call is over when the first two are: a task
/// each, which <see cref="LiveAsync"/> combines. The caller that goes away ends it as well, by SIGHUP.
/// </remarks>
internal sealed class FramedRun(Spawner spawner, Reactor reactor, TimeProvider clock)
{
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end.</summary>
    /// <param name="socket">The superserver's end speaks frames; this one is closed here.</param>
    internal async Task RunAsync(CallRequest call, AdvertisedService service, SafeFd socket, CallReport report, CallEnding ending)
    {
        using Descriptor watched = Watch(socket);
        using var caller = new FrameChannel(watched, fromCaller: true);
        try
        {
            using var patience = new CancellationTokenSource();
            Task<CallPrelude?> reading = CallPrelude.ReadAsync(caller, service.Definition, patience.Token);
            await Task.WhenAny(reading, ending.Requested);
            await patience.CancelAsync();
            if (await reading is not { } prelude)
            {
                await report.FailedAsync("the caller left before the start");
                return;
            }

            using ProgramStreams streams = service.Definition.Pty
                ? ProgramStreams.OnTerminal(reactor, prelude.Window)
                : ProgramStreams.OnPipes(reactor, service.Definition.Stderr == StderrMode.Separate);
            using ChildProcess child = await ServiceProgram.StartAsync(spawner, service, call, prelude.Variables, streams.Program);
            streams.LetGo();
            await report.StartedAsync(child.Pid);
            (WaitStatus status, ResourceUsage usage) = await LiveAsync(child, streams, caller, watched, ending);
            await report.EndedAsync(status, usage, bytes: null);
        }
        catch (Exception e) when (e is FormatException or SpawnException or NativeException)
        {
            await report.FailedAsync(e.Message);
            await TellAsync(caller, Frame.OfText(FrameKind.Error, e.Message));
        }
    }

    private Descriptor Watch(SafeFd socket)
    {
        try
        {
            LibcIo.MakeNonBlocking(socket);
            return new Descriptor(reactor, socket, EpollEvents.In | EpollEvents.Out);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<(WaitStatus Status, ResourceUsage Usage)> LiveAsync(
        ChildProcess child, ProgramStreams streams, FrameChannel caller, Descriptor socket, CallEnding ending)
    {
        using var pumping = new CancellationTokenSource();
        await TellAsync(caller, Frame.OfStarted(child.Pid, streams.IsTerminal));
        var input = new ProgramInput();
        Task feeding = input.RunAsync(streams, pumping.Token);
        Task listening = ListenAsync(child, streams, input, caller, pumping.Token);
        Task output = Task.WhenAll(
            FramedOutput.RunAsync(streams.Output, FrameKind.Out, caller, pumping.Token),
            streams.Error is { } error ? FramedOutput.RunAsync(error, FrameKind.Err, caller, pumping.Token) : Task.CompletedTask);
        Task over = Task.WhenAll(child.Exited, output);

        await Task.WhenAny(over, listening, socket.HungUp, ending.Requested);
        if (!over.IsCompleted)
        {
            ending.Request(SignalNames.SIGHUP);
            await ending.CarryOutAsync(child, over, clock);
        }

        await pumping.CancelAsync();
        await Task.WhenAll(feeding, listening, output);
        (WaitStatus Status, ResourceUsage Usage) end = await child.ReapAsync(clock);
        await TellAsync(caller, Frame.OfExit(end.Status.Raw));
        return end;
    }

    /// <summary>Does as the caller says, until it goes or says what is wrong.</summary>
    private static async Task ListenAsync(
        ChildProcess child, ProgramStreams streams, ProgramInput input, FrameChannel caller, CancellationToken cancellation)
    {
        try
        {
            while (await caller.ReadAsync(cancellation) is { } frame)
            {
                switch (frame.Kind)
                {
                    case FrameKind.In:
                        await input.AddAsync(frame.Payload, cancellation);
                        break;
                    case FrameKind.Signal when SignalNames.Parse(frame.Text()) is { } signal:
                        child.SignalGroup(signal);
                        break;
                    case FrameKind.Window:
                        streams.Resize(frame.Window());
                        break;
                    default:
                        throw new FormatException($"a frame of the kind {frame.Kind} with \"{frame.Text()}\" means nothing to a program that runs");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program is over.
        }
        catch (FormatException e)
        {
            await TellAsync(caller, Frame.OfText(FrameKind.Error, e.Message));
        }
    }

    private static async Task TellAsync(FrameChannel caller, Frame frame)
    {
        using var patience = new CancellationTokenSource(LongestTelling);
        try
        {
            await caller.WriteAsync(frame, patience.Token);
        }
        catch (Exception e) when (e is NativeException or OperationCanceledException)
        {
            // It has gone, which the call has ended for or will, or it does not listen.
        }
    }
}
