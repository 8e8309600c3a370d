using Kuid.Jobd.Core.Services;

namespace Kuid.Http.Tests;

/// <summary>
/// A subserver of two services: <c>echo</c> writes its variables, arguments and input to the output and ends with 0, <c>sleep</c>
/// runs until it is ended.
/// </summary>
internal sealed class ObligingSubserver : IAsyncDisposable
{
    internal const string Sleep = "sleep";

    private readonly StubSubserver _stub;
    private readonly List<StubCall> _sleeping = [];
    private readonly Task _serving;

    private ObligingSubserver(StubSubserver stub)
    {
        _stub = stub;
        _serving = ServeAsync();
    }

    internal static async Task<ObligingSubserver> Start(string registry) => new(await StubSubserver.Start(
        registry,
        new ServiceDefinition
        {
            Name = "echo",
            Description = "What it is called with",
            Env = ["LANG"],
            Max = 2,
            TimeoutSeconds = 60,
            Parameters = [ParameterRules.Parse("text", "string, max 10"), ParameterRules.Parse("times", "integer, min 1, default 1")],
        },
        new ServiceDefinition { Name = Sleep, Max = 100 }));

    public async ValueTask DisposeAsync()
    {
        await _stub.DisposeAsync();
        await _serving;
        _sleeping.ForEach(call => call.Dispose());
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                StubCall call = await _stub.AnyCall();
                await call.Started(Environment.ProcessId);
                if (call.Service == Sleep)
                {
                    _sleeping.Add(call);
                    continue;
                }

                using (call)
                {
                    await EchoAsync(call);
                }
            }
        }
        catch (Exception e) when (e is System.Threading.Channels.ChannelClosedException or System.Net.Sockets.SocketException or Kuid.Jobd.Core.Native.NativeException)
        {
            // The daemon, or the test, has ended.
        }
    }

    private static async Task EchoAsync(StubCall call)
    {
        await call.Stream.Send(Frame.OfStarted(Environment.ProcessId, onTerminal: false));
        string variables = string.Empty;
        while (await call.Stream.ReadFrame() is { } frame && frame is not { Kind: FrameKind.In, Payload.Length: 0 })
        {
            switch (frame.Kind)
            {
                case FrameKind.Env:
                    variables += frame.Text() + "\n";
                    break;
                case FrameKind.Start:
                    await call.Stream.Send(Frame.OfText(FrameKind.Out, variables + string.Join(' ', call.Arguments) + "\n"));
                    break;
                default:
                    await call.Stream.Send(frame with { Kind = FrameKind.Err });
                    break;
            }
        }

        await call.Stream.Send(Frame.OfExit(0));
        await call.Ended(0);
    }
}
