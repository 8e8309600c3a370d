using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>Frames both ways on a socket, written by several at a time.</summary>
/// <param name="socket">It stays its owner's.</param>
/// <param name="fromCaller">Whether those that are read come from a caller.</param>
internal sealed class FrameChannel(Descriptor socket, bool fromCaller) : IDisposable
{
    private readonly FrameReader _reader = new(fromCaller);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _buffer = new byte[Frame.HeaderBytes + Frame.MaxPayload];
    private ReadOnlyMemory<byte> _unread;
    private bool _isOver;

    /// <summary>Reads the next frame, whose payload is good until the one after it is read.</summary>
    /// <returns>Null when the other side has closed, between two frames or within one.</returns>
    /// <exception cref="FormatException">What came is no frame.</exception>
    internal async ValueTask<Frame?> ReadAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            if (TryTake(out Frame frame))
            {
                return frame;
            }

            try
            {
                int n = await socket.ReadAsync(_buffer, cancellation);
                if (n == 0)
                {
                    return null;
                }

                _unread = _buffer.AsMemory(0, n);
            }
            catch (NativeException)
            {
                return null;
            }
        }
    }

    /// <summary>Writes a frame, as fast as the other side takes it. Behind the last one of a call none is written.</summary>
    /// <exception cref="NativeException">EPIPE when it has gone.</exception>
    internal async Task WriteAsync(Frame frame, CancellationToken cancellation = default)
    {
        await WriteAsync(FrameWriter.ToBytes(frame), cancellation);
        _isOver |= frame.Kind is FrameKind.Exit or FrameKind.Error;
    }

    /// <summary>Writes the bytes of a frame that has its header already.</summary>
    /// <exception cref="NativeException">EPIPE when the other side has gone.</exception>
    internal async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation = default)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (!_isOver)
            {
                // When this is given up within a frame, what came behind it would be taken for the rest.
                _isOver = true;
                await socket.WriteAsync(frame, cancellation);
                _isOver = false;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private bool TryTake(out Frame frame)
    {
        ReadOnlySpan<byte> bytes = _unread.Span;
        bool isWhole = _reader.TryRead(ref bytes, out frame);
        _unread = _unread[^bytes.Length..];
        return isWhole;
    }
}
