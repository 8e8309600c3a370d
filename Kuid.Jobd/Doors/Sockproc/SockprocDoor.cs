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

    // The accept loop waits for these reads: a client that sends without end is not read to its end.
    private const int ReadsAtMost = 16;

    private readonly Reactor _reactor;
    private readonly JobService _jobs;
    private readonly AccessGate _gate;
    private readonly Func<SockprocOptions> _options;
    private readonly int _maxConnections;
    private readonly ILogger<SockprocDoor> _log;
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
        if (open > _maxConnections + RefusalsAtOnce)
        {
            RefuseAtOnce(connection, new Rejection(RejectionReason.TooManyConnections));
            connection.Dispose();
            Leave();
            return;
        }

        _ = ServeAsync(connection, socketMode, full: open > _maxConnections);
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

    // A fault in one exchange is that exchange's: it is logged and its connection closed.
    private async Task ServeAsync(SafeFd connection, UnixFileMode socketMode, bool full)
    {
        // Leaves the accept loop here: no peer's bytes are touched on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        bool served = false;
        try
        {
            using var socket = new Descriptor(_reactor, connection, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
            PeerCredentials peer = PeerCredentials.Of(connection);
            AccessDecision decision = full ? default : _gate.Decide("sockproc", peer.AsCaller(connection, socketMode), "run", Scope.Run);
            var exchange = new SockprocExchange(socket, peer, _jobs, _options(), _log) { Submitted = job => _gate.Note(decision with { Job = job }) };
            if (full)
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
                await exchange.RunAsync(_stopping.Token);
            }
        }
        catch (Exception e)
        {
            Log.ExchangeFailed(_log, e);
        }
        finally
        {
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

    // The little that a client has sent is taken out first, so that closing does not reset its connection; and it can send no
    // more by then, for what came between the last read and the close would reset it all the same.
    private void RefuseAtOnce(SafeFd connection, Rejection rejection)
    {
        Log.Refused(_log, "unknown", rejection.Reason, rejection.Text);
        Span<byte> dropped = stackalloc byte[4096];
        try
        {
            LibcIo.Write(connection, ReplyWriter.Error(rejection));
            LibcSocket.Shutdown(connection);
            for (int i = 0; i < ReadsAtMost && LibcIo.Read(connection, dropped) > 0; i++)
            {
            }
        }
        catch (NativeException)
        {
            // It has gone already.
        }
    }
}
