using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>Remembers the connections that are opened through it, so that all of them can be closed whatever they are doing.</summary>
internal sealed class BreakableTransport(ITransport inner) : ITransport
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference<Stream>> _streams = [];
    private bool _broken;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream stream = await inner.OpenAsync(cancellationToken);
        lock (_gate)
        {
            if (!_broken)
            {
                _streams.RemoveAll(each => !each.TryGetTarget(out _));
                _streams.Add(new WeakReference<Stream>(stream));
                return stream;
            }
        }

        await stream.DisposeAsync();
        throw new IOException("the connection is not wanted any more");
    }

    /// <summary>Closes what is open, and opens nothing more.</summary>
    internal void Break()
    {
        List<WeakReference<Stream>> streams;
        lock (_gate)
        {
            _broken = true;
            streams = [.. _streams];
        }

        foreach (WeakReference<Stream> each in streams)
        {
            if (each.TryGetTarget(out Stream? stream))
            {
                stream.Dispose();
            }
        }
    }
}
