using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>What all shells of a session have in common.</summary>
internal sealed class SessionScope(ITransport transport, SysreqClientOptions client, ILocalFiles? localFiles) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private int _lastJob;

    /// <summary>Opens connections.</summary>
    public ITransport Transport => transport;

    /// <summary>The limits of connections.</summary>
    public SysreqClientOptions Client => client;

    /// <summary>The files of whoever opened the session; null when commands may not have them.</summary>
    public ILocalFiles? LocalFiles => localFiles;

    /// <summary>Cancelled when the session ends: background jobs go on until then.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>The background jobs of all shells that have not ended.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<int, BackgroundJob> Running { get; } = new();

    /// <summary>A number for a background job.</summary>
    public int NextJob() => Interlocked.Increment(ref _lastJob);

    /// <summary>Ends what runs in the background and waits for it.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(Running.Values.Select(job => job.Completion));
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
