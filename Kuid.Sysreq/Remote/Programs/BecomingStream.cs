using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// The connection of a server that was told to become a program. Success says nothing: the next bytes are the program's. Failure is one
/// reply, a negative errno of 8 bytes. All errors of execve are below 128, so such a reply begins with a byte above 127 and then has
/// seven of 255, which no text is; only as long as what comes looks like that is it held back.
/// </summary>
internal sealed class BecomingStream(Stream inner, string file) : DuplexStream(inner, inner)
{
    private readonly byte[] _first = new byte[Request.ReplyLength];
    private int _held;
    private int _given;
    private bool _decided;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_decided)
        {
            var count = await base.ReadAsync(_first.AsMemory(_held), cancellationToken);
            _held += count;
            _decided = count == 0 || !LooksLikeError();
            if (!_decided && _held == _first.Length)
                throw new SysreqException("execve", $"\"{file}\"", Errno.Of(BinaryPrimitives.ReadInt64LittleEndian(_first))!.Value);
        }

        if (_given == _held)
            return await base.ReadAsync(buffer, cancellationToken);

        var taken = Math.Min(buffer.Length, _held - _given);
        _first.AsMemory(_given, taken).CopyTo(buffer);
        _given += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the connection is read by ReadAsync");

    private bool LooksLikeError() => _first[0] > 127 && !_first.AsSpan(1, _held - 1).ContainsAnyExcept((byte)255);
}
