namespace Kuid.Sysreq.Remote;

/// <summary>Reads exact numbers of bytes from a connection, in as few reads as it gives them.</summary>
internal sealed class ReplyReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>What was read and not yet taken.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Fills the target.</summary>
    /// <exception cref="EndOfStreamException">The connection ended first.</exception>
    public async ValueTask ReadExactlyAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var taken = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, taken).CopyTo(target);
            _start += taken;
            target = target[taken..];
            if (target.IsEmpty)
                return;

            // What is larger than the buffer need not go through it.
            var direct = target.Length >= _buffer.Length;
            var count = await stream.ReadAsync(direct ? target : _buffer, cancellationToken);
            if (count == 0)
                throw new EndOfStreamException("the server closed it");

            (_start, _end) = direct ? (0, 0) : (0, count);
            if (direct)
                target = target[count..];
        }
    }
}
