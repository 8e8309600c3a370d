using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>
/// Offers a user's services at a superserver for as long as it is there, and again at the next one, and runs what is called.
/// </summary>
/// <param name="link">The way to the superserver.</param>
/// <param name="calls">What runs.</param>
/// <param name="services">What is offered first.</param>
internal sealed class Subserver(SuperserverLink link, RunningCalls calls, IReadOnlyList<AdvertisedService> services) : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private IReadOnlyList<AdvertisedService> _offered = services;
    private IReadOnlyList<AdvertisedService> _before = [];
    private readonly HashSet<string> _granted = new(StringComparer.Ordinal);
    private RegistryConnection? _connection;

    /// <summary>Offers, again after every loss of the superserver, until it has left.</summary>
    internal async Task RunAsync()
    {
        while (await link.ConnectAsync(_leaving.Token) is { } connection)
        {
            using (connection)
            {
                await ServeAsync(connection);
            }
        }
    }

    /// <summary>Offers something else from now on; calls that run go on.</summary>
    internal Task ReplaceAsync(IReadOnlyList<AdvertisedService> services)
    {
        lock (_gate)
        {
            _before = _offered;
            _offered = services;
        }

        return OfferAsync();
    }

    /// <summary>Offers nothing any more, ends the calls, and leaves when the superserver has heard how they ended.</summary>
    /// <param name="hurry">When this completes the calls get no more time.</param>
    internal async Task LeaveAsync(Task hurry)
    {
        // The names go first, so that no call comes that would be ended at once.
        await _leaving.CancelAsync();
        await OfferAsync();
        await calls.EndAllAsync(hurry);
        await _over.CancelAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync(RegistryConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
        }

        try
        {
            await ListenAsync(connection, _over.Token);
            Talk.Line($"the superserver at {link.Registry} has gone");
        }
        catch (OperationCanceledException)
        {
            // All is said.
        }
        catch (Exception e) when (e is FanosException or FormatException)
        {
            Talk.Line($"the superserver at {link.Registry} does not speak as it should: {e.Message}");
        }

        lock (_gate)
        {
            _connection = null;
        }
    }

    private async Task OfferAsync()
    {
        RegistryConnection? connection;
        ServiceOffer offer;
        lock (_gate)
        {
            connection = _connection;
            offer = new ServiceOffer(_leaving.IsCancellationRequested ? [] : [.. _offered.Select(service => service.Definition)]);
        }

        if (connection is not null)
        {
            await connection.SendAsync(RegistryMessage.Of(RegistryVerb.Offer, offer.ToJson()));
        }
    }

    private async Task ListenAsync(RegistryConnection connection, CancellationToken cancellation)
    {
        while (await connection.ReadAsync(cancellation) is var (message, descriptor))
        {
            using SafeFd? unused = message.Verb == RegistryVerb.Call ? null : descriptor;
            switch (message.Verb)
            {
                case RegistryVerb.Welcome:
                    link.IsThere();
                    _granted.Clear();
                    await OfferAsync();
                    break;
                case RegistryVerb.Granted:
                    SayOnce(message.Text(0));
                    break;
                case RegistryVerb.Taken:
                    Talk.Line($"{message.Text(0)} is offered by the user with the id {message.Text(1)}, and here as soon as that one leaves");
                    break;
                case RegistryVerb.Refused:
                    Refuse(message.Text(0));
                    break;
                case RegistryVerb.Call:
                    Call(message, descriptor, connection);
                    break;
                case RegistryVerb.End:
                    calls.End(connection, message.Number(0));
                    break;
                default:
                    // A later version's; nothing depends on it.
                    break;
            }
        }
    }

    // Every offer is answered for each of its names, also for those that were there before.
    private void SayOnce(string name)
    {
        lock (_gate)
        {
            _granted.RemoveWhere(granted => !_offered.Any(service => service.Definition.Name == granted));
        }

        if (_granted.Add(name))
        {
            Talk.Line($"{name} is offered");
        }
    }

    private void Refuse(string why)
    {
        Talk.Line($"the superserver refuses the services: {why}");
        lock (_gate)
        {
            // What it has accepted before is still offered.
            _offered = _before.Count > 0 ? _before : _offered;
        }
    }

    private void Call(RegistryMessage message, SafeFd? socket, RegistryConnection connection)
    {
        CallRequest call;
        try
        {
            call = CallRequest.From(message);
            if (socket is null)
            {
                throw new FormatException("a call comes with one descriptor");
            }
        }
        catch (FormatException)
        {
            socket?.Dispose();
            throw;
        }

        calls.Begin(call, Find(call.Service), socket, connection);
    }

    // A call and a new offer can meet on the way: what was offered before is still known.
    private AdvertisedService? Find(string name)
    {
        lock (_gate)
        {
            return _leaving.IsCancellationRequested ? null : _offered.Concat(_before).FirstOrDefault(service => service.Definition.Name == name);
        }
    }
}
