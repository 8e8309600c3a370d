using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Counts the connections that are opened.</summary>
internal sealed class CountingTransport : ITransport
{
    private readonly LocalTransport _local = new();
    private int _opened;

    public int Opened => _opened;

    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return _local.OpenAsync(cancellationToken);
    }
}
