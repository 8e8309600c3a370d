using System.Text;
using Kuid.Jobd.Core.Processes;
using Kuid.Sysreq.Remote;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>Which system calls the local server lets through.</summary>
public enum ServerProfile
{
    /// <summary>Every one.</summary>
    Full,

    /// <summary>Those that only look.</summary>
    Look,
}

/// <summary>
/// The server of this machine: a <c>kuid-sysreqd</c> on a private socket, started when the first pipeline needs it, started again when
/// it is needed and has died, and ended with the daemon, however that ends.
/// </summary>
/// <remarks>
/// It is not started before somebody needs it: most daemons never evaluate a pipeline, and they should not have five more processes.
/// For the same reason this class is no <see cref="ITransport"/> itself: making it would load Kuid.Sysreq into every daemon.
/// </remarks>
/// <param name="program">The server's file.</param>
/// <param name="socket">Where it listens; the folder is nobody else's.</param>
public sealed class LocalServer(
    Spawner spawner, string program, string socket, ServerProfile profile, TimeProvider clock, ILogger<LocalServer> log) : IAsyncDisposable
{
    // A server that dies as soon as it is started is not started faster than this.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // How long a start may take on a machine that has other things to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private Running? _running;
    private long? _startedTicks;
    private bool _stopped;

    /// <summary>Opens a connection to it, and starts it before that when it does not run.</summary>
    /// <exception cref="IOException">It cannot serve; the message says why.</exception>
    internal async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        var door = new UnixTransport(socket);
        while (true)
        {
            Running server = await RunningAsync(cancellationToken);
            try
            {
                Stream connection = await door.OpenAsync(cancellationToken);
                server.HasServed = true;
                return connection;
            }
            catch (IOException) when (clock.GetElapsedTime(began) < Patience && !server.HasFailed)
            {
                // It is on its way up, or died a moment ago.
                await Task.Delay(Poll, clock, cancellationToken);
            }
            catch (IOException e) when (server.HasFailed)
            {
                throw new IOException($"{program} cannot serve: {await server.Errors.TextAsync()}", e);
            }
        }
    }

    /// <summary>Ends it, and starts it no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _starting.WaitAsync();
        _stopped = true;
        _starting.Release();
        if (_running is not { } server)
        {
            return;
        }

        server.Process.SignalGroup(SignalNames.SIGTERM);
        await Task.WhenAny(server.Ended, Task.Delay(KillAfter, clock));
        await server.Process.KillTreeAsync();
        await server.Ended;
        File.Delete(socket);
    }

    private async Task<Running> RunningAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        try
        {
            if (_stopped)
            {
                throw new IOException("the daemon is stopping");
            }

            if (_running is not { HasEnded: false })
            {
                if (_startedTicks is { } last && Pause - clock.GetElapsedTime(last) is var left && left > TimeSpan.Zero)
                {
                    await Task.Delay(left, clock, cancellation);
                }

                _startedTicks = clock.GetTimestamp();
                _running = await StartAsync();
            }

            return _running;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<Running> StartAsync()
    {
        string[] words = profile == ServerProfile.Look ? [program, socket, "look"] : [program, socket];
        byte[][] argv = [.. words.Select(Encoding.UTF8.GetBytes)];
        try
        {
            // What a server that was killed has left; nobody else is in this folder.
            File.Delete(socket);
            PipedProcess process = await spawner.SpawnAsync(new ProcessSpec(argv[0], argv) { EndsWithDaemon = true });
            Log.ServerStarted(log, process.Pid, socket);
            return new Running(process, line => Log.ServerSaid(log, Path.GetFileName(program), line), WatchAsync);
        }
        catch (SpawnException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private async Task WatchAsync(Running server)
    {
        PipedProcess process = server.Process;
        await process.Exited;

        // The children of a manager that was killed are killed with it by the kernel; what else it had is in its tree.
        await process.KillTreeAsync();
        (WaitStatus status, _) = await process.ReapAsync(clock);
        if (!_stopped)
        {
            Log.ServerEnded(log, process.Pid, status.ToString());
        }

        await server.Errors.TextAsync();
        await server.Errors.StopAsync();
        process.Dispose();
    }

    /// <summary>A server that was started.</summary>
    private sealed class Running
    {
        internal Running(PipedProcess process, Action<string> say, Func<Running, Task> watch)
        {
            Process = process;
            process.Stdin.Dispose();
            Errors = new ErrorTail(process.Stderr, say);
            Ended = watch(this);
        }

        internal PipedProcess Process { get; }

        internal ErrorTail Errors { get; }

        /// <summary>Completes when it is reaped.</summary>
        internal Task Ended { get; }

        internal bool HasEnded => Process.Exited.IsCompleted;

        /// <summary>Whether a connection to it has been opened.</summary>
        internal bool HasServed { get; set; }

        /// <summary>Whether it has ended without ever having served: the next one would not either.</summary>
        internal bool HasFailed => HasEnded && !HasServed;
    }
}
