using System.Collections.Concurrent;
using System.Threading.Channels;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// One subserver: what it offers and the calls that it runs. It has no socket: a door takes what is to be sent from
/// <see cref="Outgoing"/> and brings what has come to <see cref="Receive"/>.
/// </summary>
/// <param name="ownerId">The user at the other end, who owns what is offered here.</param>
/// <param name="ownerName">That user's name; null where there is none.</param>
public sealed class SubserverConnection(ServiceRegistry registry, uint ownerId, string? ownerName = null)
{
    // A subserver that takes no messages is not to fill the memory: so many wait for it at most.
    private const int MostOutgoing = 4096;

    private readonly Channel<OutgoingMessage> _outgoing = Channel.CreateBounded<OutgoingMessage>(MostOutgoing);
    private readonly ConcurrentDictionary<long, RemoteCall> _calls = new();
    private volatile bool _closed;

    /// <summary>The user who owns what is offered here.</summary>
    public uint OwnerId { get; } = ownerId;

    /// <summary>That user's name; null where there is none.</summary>
    public string? OwnerName { get; } = ownerName;

    /// <summary>What is to be sent, in order. It ends when the connection is to be closed.</summary>
    public ChannelReader<OutgoingMessage> Outgoing => _outgoing.Reader;

    /// <summary>Greets the subserver.</summary>
    /// <param name="version">The superserver's.</param>
    public void Welcome(string version) => Send(RegistryMessage.Of(RegistryVerb.Welcome, version));

    /// <summary>Takes a message of the subserver's.</summary>
    /// <exception cref="FormatException">It is none that a subserver sends; the connection is of no more use.</exception>
    public void Receive(RegistryMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (message.Verb)
        {
            case RegistryVerb.Offer:
                ReceiveOffer(message.Bytes(0).Span);
                break;
            case RegistryVerb.Started:
                CallOf(message)?.HasStarted(checked((int)message.Number(1)));
                break;
            case RegistryVerb.Ended:
                End(message, new CallEnd(new WaitStatus(checked((int)message.Number(1))))
                {
                    Usage = new ResourceUsage(
                        TimeSpan.FromMicroseconds(message.Number(2)), TimeSpan.FromMicroseconds(message.Number(3)), message.Number(4)),
                    BytesIn = message.Number(5),
                    BytesOut = message.Number(6),
                });
                break;
            case RegistryVerb.Failed:
                End(message, new CallEnd(Status: null) { Fault = message.Text(1) });
                break;
            default:
                throw new FormatException($"\"{message.Verb}\" is no message of a subserver's");
        }
    }

    /// <summary>Takes the names away at once; calls that run here are lost, for nobody will tell how they end.</summary>
    public void Close()
    {
        _closed = true;
        _outgoing.Writer.TryComplete();
        registry.Leave(this);
        foreach (RemoteCall call in _calls.Values)
        {
            Lose(call);
        }
    }

    /// <summary>Gives the subserver a call.</summary>
    /// <param name="message">The call.</param>
    /// <param name="socket">The caller's socket, or one that frames go over; it is closed when it is sent.</param>
    internal RemoteCall Call(long id, RegistryMessage message, SafeFd socket)
    {
        var call = new RemoteCall(id, this);
        _calls[id] = call;
        Send(message, socket);

        // Looked at after the call is in the list: a close either finds it there or is seen here.
        if (_closed)
        {
            Lose(call);
        }

        return call;
    }

    /// <summary>Sends a message; when the connection is closed, or stuck, to nobody.</summary>
    internal void Send(RegistryMessage message, SafeFd? descriptor = null)
    {
        if (!_outgoing.Writer.TryWrite(new OutgoingMessage(message, descriptor)))
        {
            _outgoing.Writer.TryComplete();
        }
    }

    private void ReceiveOffer(ReadOnlySpan<byte> json)
    {
        try
        {
            registry.Offer(this, ServiceOffer.Parse(json));
        }
        catch (FormatException e)
        {
            Send(RegistryMessage.Of(RegistryVerb.Refused, e.Message));
        }
    }

    // One that is not here any more was given up.
    private RemoteCall? CallOf(RegistryMessage message) => _calls.GetValueOrDefault(message.Number(0));

    private void End(RegistryMessage message, CallEnd end)
    {
        if (_calls.TryRemove(message.Number(0), out RemoteCall? call))
        {
            call.HasEnded(end);
        }
    }

    private static void Lose(RemoteCall call) =>
        call.HasEnded(new CallEnd(Status: null) { Fault = "whoever ran it has gone", IsLost = true });
}
