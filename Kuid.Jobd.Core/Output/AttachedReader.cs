namespace Kuid.Jobd.Core.Output;

/// <summary>
/// A reader that wants every byte of a running job: the job is held up rather than that something is dropped which this
/// reader has not had. Disposing lets the job go.
/// </summary>
public sealed class AttachedReader : IDisposable
{
    private readonly OutputLog _log;

    internal AttachedReader(OutputLog log, OutputPosition position)
    {
        _log = log;
        Position = position;
    }

    /// <summary>Up to where it has read; everything before may be dropped.</summary>
    public OutputPosition Position { get; private set; }

    /// <summary>Says how far it has read.</summary>
    public void MoveTo(OutputPosition position)
    {
        Position = position;
        _log.Moved();
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Moved(gone: this);
}
