using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>
/// The announced number of bytes from a connection: first those that came with the header, then the socket's. What a client
/// sends beyond the count is never given to the job.
/// </summary>
/// <param name="socket">The connection, which stays its exchange's.</param>
/// <param name="arrived">Bytes that were read together with the header.</param>
/// <param name="count">How many bytes were announced.</param>
/// <param name="patience">How long the client may pause.</param>
internal sealed class CountedInput(Descriptor socket, ReadOnlyMemory<byte> arrived, long count, Patience patience) : JobInput
{
    private ReadOnlyMemory<byte> _arrived = arrived.Length > count ? arrived[..(int)count] : arrived;
    private readonly long _count = count;
    private long _left = count;

    public override bool IsEmpty { get; } = count == 0;

    public override long Length => _count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_left == 0)
        {
            return 0;
        }

        if (!_arrived.IsEmpty)
        {
            int n = Math.Min(buffer.Length, _arrived.Length);
            _arrived[..n].CopyTo(buffer);
            _arrived = n < _arrived.Length ? _arrived[n..] : default;
            _left -= n;
            return n;
        }

        int read = await ReadSocketAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellation);
        _left -= read;
        return read > 0 ? read : throw new JobInputCutException($"{_left} of {_count} bytes of stdin did not arrive");
    }

    /// <summary>Bytes, or 0 when no more will come: the client closed, reset, or paused for too long.</summary>
    private async ValueTask<int> ReadSocketAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            int n;
            while ((n = socket.TryRead(buffer.Span)) == LibcIo.WouldBlock)
            {
                if (!await patience.WaitAsync(socket.ReadableAsync, cancellation))
                {
                    return 0;
                }
            }

            patience.Moved(n);
            return n;
        }
        catch (NativeException)
        {
            return 0;
        }
    }
}
