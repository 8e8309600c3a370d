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

    /// <summary>Leaves the streams to another that the other reads.</summary>
    internal void TakenOverBy(AttachedReader other) => Position = new OutputPosition(
        other.Position.Stdout == long.MaxValue ? Position.Stdout : long.MaxValue,
        other.Position.Stderr == long.MaxValue ? Position.Stderr : long.MaxValue);

    /// <inheritdoc/>
    public void Dispose() => _log.Moved(gone: this);
}
