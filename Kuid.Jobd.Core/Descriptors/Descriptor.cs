using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Descriptors;

/// <summary>
/// A non-blocking descriptor together with its place in the reactor: a pipe end, a pidfd or a raw socket, read and written
/// with await. It owns its <see cref="SafeFd"/> and takes it out of the epoll set before closing it.
/// </summary>
public sealed class Descriptor : IDisposable
{
    // About what a pipe holds: whoever fills it more than once is not short.
    private const int LittleBytes = 64 * 1024;

    private readonly Lock _moving = new();
    private readonly EpollEvents _events;
    private readonly Signal _readable;
    private readonly Signal _writable;
    private readonly TaskCompletionSource _hungUp;
    private Reactor _reactor;
    private ulong _token;
    private int _left;
    private bool _isDisposed;

    /// <summary>Takes over an open, non-blocking descriptor and registers it; on failure it stays the caller's.</summary>
    /// <param name="events">What to listen for; hang-up and errors are always reported.</param>
    /// <param name="wakes">Where whoever waits goes on, as long as little goes over it.</param>
    /// <exception cref="NativeException">epoll does not take it.</exception>
    public Descriptor(Reactor reactor, SafeFd fd, EpollEvents events, Wakes wakes = Wakes.OnPool)
    {
        ArgumentNullException.ThrowIfNull(reactor);
        ArgumentNullException.ThrowIfNull(fd);
        (_reactor, _events) = (reactor, events);
        Fd = fd;
        _readable = new Signal(wakes);
        _writable = new Signal(wakes);
        _hungUp = new TaskCompletionSource(wakes == Wakes.AtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        _left = wakes == Wakes.AtOnce ? LittleBytes : 0;
        _token = reactor.Register(this, events);
    }

    /// <summary>What stands for a descriptor that is closed already.</summary>
    private Descriptor(Reactor reactor, SafeFd closed)
    {
        (_reactor, Fd, _isDisposed) = (reactor, closed, true);
        (_readable, _writable) = (new Signal(), new Signal());
        _hungUp = new TaskCompletionSource();
        _readable.Close();
        _writable.Close();
    }

    /// <summary>The descriptor itself, borrowed for calls that are not here; it stays owned by this object.</summary>
    public SafeFd Fd { get; }

    /// <summary>
    /// Completes when both directions are closed or an error waits. A peer that only stops sending (a half-close) does not
    /// count, which on TCP includes one that closed its socket: it shows as a hang-up only after a reset.
    /// </summary>
    public Task HungUp => _hungUp.Task;

    /// <summary>Completes when there may be something to read; may be early, so the read after it may still have to wait.</summary>
    public ValueTask ReadableAsync(CancellationToken cancellation = default) => _readable.WaitAsync(cancellation);

    /// <summary>Completes when there may be room to write.</summary>
    public ValueTask WritableAsync(CancellationToken cancellation = default) => _writable.WaitAsync(cancellation);

    /// <summary>Reads what is there: bytes, 0 at the end, or <see cref="LibcIo.WouldBlock"/>.</summary>
    public int TryRead(Span<byte> buffer) => Moved(LibcIo.Read(Fd, buffer));

    /// <summary>Writes what fits: bytes, or <see cref="LibcIo.WouldBlock"/>.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes) => Moved(LibcIo.Write(Fd, bytes));

    /// <summary>Whether only little has gone over it so far, so that whoever waits goes on on the thread of the reactor.</summary>
    public bool IsForLittle => _left > 0;

    /// <summary>Leaves the reactor, where what goes on has to be short, for one of those whose descriptors have much to move.</summary>
    public void BecomeForMuch()
    {
        lock (_moving)
        {
            if (_left == 0 || _isDisposed)
            {
                return;
            }

            _left = 0;
            Reactor other = _reactor.ForMuch();
            try
            {
                // What is ready by now is told anew.
                ulong token = other.Register(this, _events);
                _reactor.Unregister(_token, Fd);
                (_reactor, _token) = (other, token);
            }
            catch (NativeException)
            {
                // The kernel has no room for it there: it stays where it is waited for.
            }
        }
    }

    /// <summary>Reads at least one byte.</summary>
    /// <returns>The number of bytes, 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
    {
        int n;
        while ((n = TryRead(buffer.Span)) == LibcIo.WouldBlock)
        {
            await ReadableAsync(cancellation);
        }

        return n;
    }

    /// <summary>Writes all of it, as fast as the reader takes it.</summary>
    /// <exception cref="NativeException">EPIPE when the reader is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        while (!bytes.IsEmpty)
        {
            int n = TryWrite(bytes.Span);
            if (n == LibcIo.WouldBlock)
            {
                await WritableAsync(cancellation);
            }
            else
            {
                bytes = bytes[n..];
            }
        }
    }

    /// <summary>Closes a descriptor that nobody is to use, and stands for it.</summary>
    internal static Descriptor Closed(Reactor reactor, SafeFd fd)
    {
        fd.Dispose();
        return new Descriptor(reactor, fd);
    }

    /// <summary>Leaves the reactor, then closes. Whoever still waits is woken and finds the descriptor closed.</summary>
    public void Dispose()
    {
        if (TryLeave())
        {
            Fd.Dispose();
            _readable.Close();
            _writable.Close();
        }
    }

    /// <summary>Leaves the reactor and gives the open descriptor away, which is the caller's from here on.</summary>
    /// <exception cref="ObjectDisposedException">It is closed, or given away.</exception>
    public SafeFd Release()
    {
        ObjectDisposedException.ThrowIf(!TryLeave(), this);
        return Fd;
    }

    private int Moved(int bytes)
    {
        if (_left > 0 && bytes > 0)
        {
            int left = _left - bytes;
            if (left > 0)
            {
                _left = left;
            }
            else
            {
                BecomeForMuch();
            }
        }

        return bytes;
    }

    private bool TryLeave()
    {
        lock (_moving)
        {
            if (_isDisposed)
            {
                return false;
            }

            _isDisposed = true;
            _reactor.Unregister(_token, Fd);
            return true;
        }
    }

    internal void Raise(EpollEvents events)
    {
        bool over = (events & (EpollEvents.HangUp | EpollEvents.Error)) != EpollEvents.None;
        if (over || (events & (EpollEvents.In | EpollEvents.ReadHangUp)) != EpollEvents.None)
        {
            _readable.Raise();
        }

        if (over || (events & EpollEvents.Out) != EpollEvents.None)
        {
            _writable.Raise();
        }

        if (over)
        {
            _hungUp.TrySetResult();
        }
    }
}
