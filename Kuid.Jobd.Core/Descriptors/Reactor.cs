using System.Collections.Concurrent;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Descriptors;

/// <summary>
/// The one thread that waits in epoll_wait for every pipe, pidfd and raw socket of the daemon.
/// </summary>
/// <remarks>
/// <para>
/// Constraint: .NET can neither await a pidfd nor cancel a read of a pipe without parking a pool thread in it, and a thread
/// a pipe does not scale to thousands of jobs.
/// </para>
/// <para>
/// Scheme: descriptors are non-blocking and registered edge-triggered, once, for their whole life. The reactor does no I/O:
/// it raises a <see cref="Signal"/>, and the task that awaits it reads or writes until the call would block, and only then waits
/// again: on the thread pool, unless that is sure to be short (<see cref="Wakes"/>). So a busy job cannot keep the reactor from the
/// others, and a job that writes nothing holds no buffer.
/// </para>
/// <para>
/// Consequence: a descriptor must leave the epoll set before it is closed (EPOLL_CTL_DEL). A child between clone and exec
/// holds copies of all descriptors, and the kernel reports events of an open file description for as long as any copy
/// lives, under the number that has by then been given to another. Registrations are known by tokens which are never used
/// twice, so that even an event already fetched when its descriptor leaves meets nobody.
/// </para>
/// </remarks>
public sealed class Reactor : IDisposable
{
    private const int EventsPerWait = 256;
    private const ulong WakeToken = 0;

    private readonly SafeFd _epoll = LibcEpoll.Create();
    private readonly SafeFd _wake = LibcEpoll.CreateEventFd();
    private readonly ConcurrentDictionary<ulong, Descriptor> _descriptors = new();
    private readonly Thread _thread;
    private readonly ConcurrentQueue<TaskCompletionSource> _pings = new();
    private readonly Reactor[] _forMuch;
    private ulong _lastToken = WakeToken;
    private uint _lastForMuch;
    private volatile bool _over;

    /// <summary>Starts the thread, and those for much.</summary>
    public Reactor()
        : this("kuid-reactor") => _forMuch = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Reactor("kuid-bulk"))];

    private Reactor(string name)
    {
        _forMuch = [];
        LibcEpoll.Add(_epoll, _wake, EpollEvents.In, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>How many descriptors are registered; for tests and metrics.</summary>
    public int Count => _descriptors.Count;

    /// <summary>Completes when the thread has come by: as long as it does, no descriptor is forgotten.</summary>
    public Task PingAsync()
    {
        var ping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pings.Enqueue(ping);
        Wake();
        return ping.Task;
    }

    /// <summary>Ends the thread. Descriptors still registered are never signalled again.</summary>
    public void Dispose()
    {
        if (_wake.IsClosed)
        {
            return;
        }

        _over = true;
        Wake();
        _thread.Join();
        _wake.Dispose();
        _epoll.Dispose();
        Array.ForEach(_forMuch, reactor => reactor.Dispose());
    }

    /// <summary>One of the threads that wait for descriptors over which much goes; they take turns.</summary>
    internal Reactor ForMuch() => _forMuch[Interlocked.Increment(ref _lastForMuch) % (uint)_forMuch.Length];

    internal ulong Register(Descriptor descriptor, EpollEvents events)
    {
        ulong token = Interlocked.Increment(ref _lastToken);
        _descriptors[token] = descriptor;
        try
        {
            LibcEpoll.Add(_epoll, descriptor.Fd, events | EpollEvents.EdgeTriggered, token);
        }
        catch (NativeException)
        {
            _descriptors.TryRemove(token, out _);
            throw;
        }

        return token;
    }

    internal void Unregister(ulong token, SafeFd fd)
    {
        _descriptors.TryRemove(token, out _);
        LibcEpoll.Delete(_epoll, fd);
    }

    private void Run()
    {
        byte[] entries = new byte[EventsPerWait * LibcEpoll.EventSize];
        while (true)
        {
            int n = LibcEpoll.Wait(_epoll, entries);
            for (int i = 0; i < n; i++)
            {
                (EpollEvents events, ulong token) = LibcEpoll.Entry(entries, i);
                if (token == WakeToken)
                {
                    if (_over)
                    {
                        return;
                    }

                    Answer();
                }
                else if (_descriptors.TryGetValue(token, out Descriptor? descriptor))
                {
                    descriptor.Raise(events);
                }
            }
        }
    }

    private void Wake() => LibcIo.Write(_wake, BitConverter.GetBytes(1UL));

    // The count is taken first, so that whoever asks while answers are given wakes the thread again.
    private void Answer()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        LibcIo.Read(_wake, count);
        while (_pings.TryDequeue(out TaskCompletionSource? ping))
        {
            ping.SetResult();
        }
    }
}
