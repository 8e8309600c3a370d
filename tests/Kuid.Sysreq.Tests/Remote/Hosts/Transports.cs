using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>
/// Counts how often the client wrote after it had read: each such turn is a round trip that nothing shortened. Bytes are counted too.
/// </summary>
internal sealed class RecordingTransport(ITransport inner) : ITransport
{
    private int _roundTrips;

    /// <summary>Round trips so far; the banner is none.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>What the client sent, a write an item.</summary>
    public List<byte[]> Writes { get; } = [];

    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
        new Recorder(this, await inner.OpenAsync(cancellationToken));

    private sealed class Recorder(RecordingTransport owner, Stream stream) : WrappedStream(stream, stream)
    {
        private bool _hasRead = true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            Volatile.Write(ref _hasRead, true);
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _hasRead, false))
                Interlocked.Increment(ref owner._roundTrips);

            owner.Writes.Add(buffer.ToArray());
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}

/// <summary>Gives one byte a read, as a network may.</summary>
internal sealed class ByteByByteTransport(ITransport inner) : ITransport
{
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => new Chopper(await inner.OpenAsync(cancellationToken));

    private sealed class Chopper(Stream stream) : WrappedStream(stream, stream)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}

/// <summary>Ends the connection after so many bytes of the server's, in the middle of whatever they are.</summary>
internal sealed class CutTransport(ITransport inner, int bytes) : ITransport
{
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
        new Cutter(await inner.OpenAsync(cancellationToken), bytes);

    private sealed class Cutter(Stream stream, int bytes) : WrappedStream(stream, stream)
    {
        private int _left = bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
            _left -= count;
            return count;
        }
    }
}

/// <summary>A server whose replies are written in the test.</summary>
internal sealed class ScriptedTransport(Func<Stream, Task> server) : ITransport
{
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var requests = new System.IO.Pipelines.Pipe();
        var replies = new System.IO.Pipelines.Pipe();
        _ = Task.Run(
            async () =>
            {
                await using var ours = new WrappedStream(requests.Reader.AsStream(), replies.Writer.AsStream());
                await server(ours);
            },
            CancellationToken.None);
        return ValueTask.FromResult<Stream>(new WrappedStream(replies.Reader.AsStream(), requests.Writer.AsStream()));
    }
}
