using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Services.Tests;

/// <summary>A subserver whose every step a test decides: it shows what the superserver does, not what kuid advertise does.</summary>
internal sealed class StubSubserver : IAsyncDisposable
{
    private readonly Reactor _reactor = new();
    private readonly Descriptor _socket;
    private readonly Channel<StubCall> _calls = Channel.CreateUnbounded<StubCall>();
    private readonly Channel<RegistryMessage> _messages = Channel.CreateUnbounded<RegistryMessage>();
    private readonly Task _reading;

    private StubSubserver(string path)
    {
        _socket = new Descriptor(_reactor, LibcSocket.ConnectUnix(path), EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
        _reading = ReadAsync();
    }

    /// <summary>Connects, reads the welcome and offers services, of which it waits to hear.</summary>
    internal static async Task<StubSubserver> Start(string registry, params ServiceDefinition[] services)
    {
        var subserver = new StubSubserver(registry);
        (await subserver.Next()).Verb.Should().Be(RegistryVerb.Welcome);
        await subserver.Offer(services);
        foreach (ServiceDefinition service in services)
        {
            RegistryMessage answer = await subserver.Next();
            answer.Text(0).Should().Be(service.Name);
        }

        return subserver;
    }

    internal Task Offer(params ServiceDefinition[] services) => Send(RegistryMessage.Of(RegistryVerb.Offer, new ServiceOffer(services).ToJson()));

    internal async Task Send(RegistryMessage message) => await FanosWriter.WriteAsync(_socket, message.ToPayload(), []);

    /// <summary>The next call.</summary>
    internal async Task<StubCall> Call() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The next call, whenever it comes.</summary>
    internal ValueTask<StubCall> AnyCall() => _calls.Reader.ReadAsync();

    /// <summary>The next message that is no call.</summary>
    internal async Task<RegistryMessage> Next() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        LibcSocket.Shutdown(_socket.Fd);
        await _reading;
        _socket.Dispose();
        _reactor.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            var reader = new FanosReader(_socket, RegistryMessage.MaxBytes);
            while (await reader.ReadAsync() is { } received)
            {
                var message = RegistryMessage.Parse(received.Payload);
                if (message.Verb == RegistryVerb.Call)
                {
                    SafeFd descriptor = received.TakeDescriptors().Single();
                    _calls.Writer.TryWrite(new StubCall(this, message, new Socket(new SafeSocketHandle(descriptor.Number, ownsHandle: true))));
                    descriptor.SetHandleAsInvalid();
                }
                else
                {
                    _messages.Writer.TryWrite(message);
                }
            }
        }
        catch (NativeException)
        {
            // The daemon was killed.
        }

        _messages.Writer.TryComplete(new IOException("the superserver has closed"));
        _calls.Writer.TryComplete(new IOException("the superserver has closed"));
    }
}

/// <summary>A call that the stub has been given.</summary>
internal sealed class StubCall(StubSubserver subserver, RegistryMessage message, Socket socket) : IDisposable
{
    internal long Id => message.Number(0);

    internal string Service => message.Text(1);

    internal string Mode => message.Text(2);

    internal string Principal => message.Text(3);

    internal string ClaimedUser => message.Text(4);

    internal IReadOnlyList<string> Arguments => [.. message.From(5).Select(Encoding.UTF8.GetString)];

    /// <summary>The caller's socket, or that of the frames.</summary>
    internal Caller Stream { get; } = new(socket, isService: true);

    internal Task Started(int pid) => subserver.Send(RegistryMessage.Of(RegistryVerb.Started, Id, pid));

    internal Task Ended(int status, long bytesIn = -1, long bytesOut = -1) =>
        subserver.Send(RegistryMessage.Of(RegistryVerb.Ended, Id, status, 1500, 2500, 1048576, bytesIn, bytesOut));

    internal Task Failed(string text) => subserver.Send(RegistryMessage.Of(RegistryVerb.Failed, Id, text));

    public void Dispose() => Stream.Dispose();
}
