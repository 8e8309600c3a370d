using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>
/// The sockproc door: one request a connection, as many connections at once as the limit and the descriptors allow. It owns
/// the connections and closes each when its exchange is over.
/// </summary>
public sealed class SockprocDoor : IDoor
{
    // Beyond the limit this many clients at once are told so with all courtesy; the others are told and closed.
    private const int RefusalsAtOnce = 16;

    private readonly Reactor _reactor;
    private readonly JobService _jobs;
    private readonly AccessGate _gate;
    private readonly Func<SockprocOptions> _options;
    private readonly int _maxConnections;
    private readonly ILogger<SockprocDoor> _log;
    private readonly Newcomers _newcomers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    /// <summary>A door that serves no connection yet.</summary>
    /// <param name="gate">Decides who may run jobs.</param>
    /// <param name="options">The options in force, which a reload may change; each connection keeps those it began with.</param>
    /// <param name="maxConnections">How many connections are served at once.</param>
    public SockprocDoor(
        Reactor reactor, JobService jobs, AccessGate gate, Func<SockprocOptions> options, int maxConnections, ILogger<SockprocDoor> log)
    {
        _reactor = reactor;
        _jobs = jobs;
        _gate = gate;
        _options = options;
        _maxConnections = maxConnections;
        _log = log;
        _newcomers = new Newcomers("sockproc", maxConnections, log);
    }

    /// <inheritdoc/>
    public string? Name => null;

    /// <inheritdoc/>
    public bool RunsAnything => true;

    /// <inheritdoc/>
    public int MaxConnections => _maxConnections;

    /// <inheritdoc/>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        int open = Interlocked.Increment(ref _connections);
        bool full = open > _maxConnections && (open > _maxConnections + Newcomers.DroppedAtOnce || !_newcomers.TryDropOldest());
        if (full && open > _maxConnections + RefusalsAtOnce)
        {
            RefuseAtOnce(connection, new Rejection(RejectionReason.TooManyConnections));
            connection.Dispose();
            Leave();
            return;
        }

        // Entered here, in the order in which they came, and not when their turn on the pool is.
        _ = ServeAsync(connection, socketMode, full ? null : _newcomers.Enter());
    }

    /// <inheritdoc/>
    public void RefuseForWantOfDescriptors(SafeFd connection) =>
        RefuseAtOnce(connection, new Rejection(RejectionReason.TooManyConnections));

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (Connections > 0)
        {
            await _idle.Task;
        }
    }

    // It begins on the reactor, as does the accept loop: a request is a few microseconds of work, and a descriptor over which more goes leaves for another one.
    // A fault in one exchange is that exchange's: it is logged and its connection closed. One that there is no place for is no newcomer.
    private async Task ServeAsync(SafeFd connection, UnixFileMode socketMode, Newcomer? newcomer)
    {
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        bool served = false;
        try
        {
            using var socket = new Descriptor(_reactor, connection, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp, Wakes.AtOnce);
            PeerCredentials peer = PeerCredentials.Of(connection);
            AccessDecision decision = newcomer is null ? default : _gate.Decide("sockproc", peer.AsCaller(connection, socketMode), "run", Scope.Run);
            var exchange = new SockprocExchange(socket, peer, _jobs, _options(), _log) { Submitted = job => _gate.Note(decision with { Job = job }) };
            if (newcomer is null)
            {
                await exchange.RefuseAsync(new Rejection(RejectionReason.TooManyConnections));
            }
            else if (!decision.IsAllowed)
            {
                await exchange.RefuseAsync(new Rejection(RejectionReason.PeerNotAllowed, peer.Principal));
            }
            else
            {
                served = true;
                await exchange.RunAsync(newcomer, _stopping.Token);
            }
        }
        catch (Exception e)
        {
            Log.ExchangeFailed(_log, e);
        }
        finally
        {
            newcomer?.Dispose();
            connection.Dispose();
            SockprocMeter.Over(begun, served);
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0 && _stopping.IsCancellationRequested)
        {
            _idle.TrySetResult();
        }
    }

    private void RefuseAtOnce(SafeFd connection, Rejection rejection)
    {
        Log.Refused(_log, "unknown", rejection.Reason, rejection.Text);
        CurtRefusal.Send(connection, ReplyWriter.Error(rejection));
    }
}
