using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// A socket that frames go over. Several write to it, so what is written at once is whole frames, and they take turns.
/// </summary>
/// <param name="socket">The socket, which is closed with this.</param>
internal sealed class FramedSocket(Descriptor socket) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>What frames are read from.</summary>
    internal Descriptor Socket { get; } = socket;

    /// <summary>Makes a pair.</summary>
    /// <returns>This side, and the other one, which a subserver gets.</returns>
    /// <exception cref="NativeException">There are no descriptors left.</exception>
    internal static (FramedSocket Here, SafeFd There) Pair(Reactor reactor)
    {
        (SafeFd one, SafeFd other) = LibcSocket.Pair();
        try
        {
            return (new FramedSocket(new Descriptor(reactor, one, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp)), other);
        }
        catch
        {
            one.Dispose();
            other.Dispose();
            throw;
        }
    }

    /// <summary>Writes whole frames, as fast as the peer takes them.</summary>
    /// <returns>Whether it has taken them; it has gone otherwise.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits for it any longer.</exception>
    internal async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> frames, CancellationToken over)
    {
        await _writing.WaitAsync(over);
        try
        {
            await Socket.WriteAsync(frames, over);
            return true;
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends a signal, behind what is being written.</summary>
    internal void Signal(int signal) => _ = TryWriteAsync(
        FrameWriter.ToBytes(Frame.OfText(FrameKind.Signal, SignalNames.Of(signal)["SIG".Length..])), CancellationToken.None).AsTask();

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
