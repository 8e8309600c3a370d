namespace Kuid.Sysreq.Remote;

/// <summary>Reads exact numbers of bytes from a connection, in as few reads as it gives them.</summary>
internal sealed class ReplyReader(Stream stream)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>What was read and not yet taken.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(start, end - start);

    /// <summary>Fills the target.</summary>
    /// <exception cref="EndOfStreamException">The connection ended first.</exception>
    public async ValueTask ReadExactlyAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var taken = Math.Min(target.Length, end - start);
            buffer.AsMemory(start, taken).CopyTo(target);
            start += taken;
            target = target[taken..];
            if (target.IsEmpty)
                return;

            // What is larger than the buffer need not go through it.
            var direct = target.Length >= buffer.Length;
            var count = await stream.ReadAsync(direct ? target : buffer, cancellationToken);
            if (count == 0)
                throw new EndOfStreamException("the server closed it");

            (start, end) = direct ? (0, 0) : (0, count);
            if (direct)
                target = target[count..];
        }
    }
}
