using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// The connection of a server that was told to become a program. Success says nothing: the next bytes are the program's. Failure is one
/// reply, a negative errno of 8 bytes. All errors of execve are below 128, so such a reply begins with a byte above 127 and then has
/// seven of 255, which no text is; only as long as what comes looks like that is it held back.
/// </summary>
internal sealed class BecomingStream(Stream inner, string file) : Stream
{
    private readonly byte[] first = new byte[Request.ReplyLength];
    private int held;
    private int given;
    private bool decided;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!decided)
        {
            var count = await inner.ReadAsync(first.AsMemory(held), cancellationToken);
            held += count;
            decided = count == 0 || !LooksLikeError();
            if (!decided && held == first.Length)
                throw new SysreqException("execve", $"\"{file}\"", Errno.Of(BinaryPrimitives.ReadInt64LittleEndian(first))!.Value);
        }

        if (given == held)
            return await inner.ReadAsync(buffer, cancellationToken);

        var taken = Math.Min(buffer.Length, held - given);
        first.AsMemory(given, taken).CopyTo(buffer);
        given += taken;
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the connection is read by ReadAsync");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }

    private bool LooksLikeError() => first[0] > 127 && !first.AsSpan(1, held - 1).ContainsAnyExcept((byte)255);
}
