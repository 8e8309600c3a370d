using System.Collections.Concurrent;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Remote;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Sessions;

/// <summary>
/// The sessions that are open. They are connections and memory of this process: they end with it, and each with its owner's silence.
/// </summary>
public sealed class SessionTable(HostTable hosts, TimeProvider clock, ILogger<SessionTable> log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ShellSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _closing = [];
    private int _count;

    /// <summary>How many may be open.</summary>
    public int AtMost { get; init; } = 64;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<ShellSession> All => [.. _sessions.Values.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id, StringComparer.Ordinal)];

    /// <summary>A session by its id; null when there is none.</summary>
    public ShellSession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Opens a session.</summary>
    /// <param name="host">The host, by name or address.</param>
    /// <param name="idle">How long it stays when nothing is done in it.</param>
    /// <exception cref="FormatException">There is no such host.</exception>
    /// <exception cref="IOException">The host cannot be reached.</exception>
    /// <exception cref="SessionsFullException">Too many are open.</exception>
    public async Task<ShellSession> OpenAsync(string host, string principal, TimeSpan idle, CancellationToken cancellation)
    {
        var transport = new BreakableTransport(hosts.TransportTo(host));
        if (Interlocked.Increment(ref _count) > AtMost)
        {
            Interlocked.Decrement(ref _count);
            throw new SessionsFullException(AtMost);
        }

        try
        {
            var session = new ShellSession(host, principal, idle, transport, await ConnectAsync(transport, cancellation), clock, Expire);
            _sessions[session.Id] = session;
            Log.SessionOpened(log, session.Id, principal, host);
            return session;
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            transport.Break();
            throw;
        }
    }

    /// <summary>Closes a session; what is being done in it is ended.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Close(ShellSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!_sessions.TryRemove(session.Id, out _))
        {
            return false;
        }

        Task closing = session.CloseAsync();
        _closing[closing] = true;
        _ = ForgetAsync(session.Id, closing);
        return true;
    }

    /// <summary>Closes all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (ShellSession session in _sessions.Values)
        {
            Close(session);
        }

        // What went wrong with one has been logged.
        await Task.WhenAll(_closing.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Session> ConnectAsync(ITransport transport, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(Patience, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            // How long a call that does not return is waited for is the job's to say, as with every pipeline.
            var options = new SessionOptions { Client = new SysreqClientOptions { CancellationGrace = JobSpec.LongestTime } };
            return await Session.OpenAsync(transport, options, patience.Token);
        }
        catch (OperationCanceledException e) when (time.IsCancellationRequested)
        {
            throw new IOException($"no answer within {Patience.TotalSeconds} seconds", e);
        }
    }

    private void Expire(ShellSession session)
    {
        // Somebody may have taken it up in this moment; it is set anew when they are done.
        if (!session.IsInUse && Close(session))
        {
            Log.SessionExpired(log, session.Id, session.Idle.TotalSeconds);
        }
    }

    private async Task ForgetAsync(string id, Task closing)
    {
        try
        {
            await closing;
        }
        catch (Exception e)
        {
            Log.SessionNotClosed(log, e, id);
        }

        Interlocked.Decrement(ref _count);
        _closing.TryRemove(closing, out _);
    }
}

/// <summary>A session that was to be opened when too many were.</summary>
/// <param name="most">How many may be.</param>
public sealed class SessionsFullException(int most) : InvalidOperationException($"{most} sessions are open already, which is the most");
