using System.Threading.Channels;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Tests;

/// <summary>A standard input that the test feeds, ends or cuts off, and that counts what the runner has taken from it.</summary>
internal sealed class ControlledInput : JobInput
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _rest;
    private long _taken;

    /// <summary>How many bytes were read.</summary>
    internal long Taken => Interlocked.Read(ref _taken);

    internal void Send(byte[] bytes) => _pieces.Writer.TryWrite(bytes);

    internal void Send(string text) => Send(Specs.Bytes(text));

    internal void End() => _pieces.Writer.TryComplete();

    internal void Cut() => _pieces.Writer.TryComplete(new JobInputCutException("7 bytes are missing"));

    internal void Break(Exception e) => _pieces.Writer.TryComplete(e);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (_rest.IsEmpty)
        {
            if (_pieces.Reader.TryRead(out byte[]? piece))
            {
                _rest = piece;
            }
            else if (!await _pieces.Reader.WaitToReadAsync(cancellation))
            {
                return 0;
            }
        }

        int n = Math.Min(buffer.Length, _rest.Length);
        _rest[..n].CopyTo(buffer);
        _rest = _rest[n..];
        Interlocked.Add(ref _taken, n);
        return n;
    }
}
