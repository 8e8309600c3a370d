namespace Kuid.Sysreq.Remote;

/// <summary>A stream of which some bytes were read already: they come first.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream inner) : DuplexStream(inner, inner)
{
    private ReadOnlyMemory<byte> _rest = prefix;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _rest.IsEmpty ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(Take(buffer.Span));

    public override int Read(byte[] buffer, int offset, int count) =>
        _rest.IsEmpty ? base.Read(buffer, offset, count) : Take(buffer.AsSpan(offset, count));

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}
