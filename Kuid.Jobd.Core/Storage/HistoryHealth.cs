namespace Kuid.Jobd.Core.Storage;

/// <summary>Whether the history takes what it is given.</summary>
/// <param name="Fault">What prevents it; null when it does.</param>
/// <param name="Detail">The same as a sentence.</param>
/// <param name="Unsaved">How many jobs wait to be written.</param>
/// <param name="Dropped">How many jobs or outputs it could not keep since the daemon started.</param>
public sealed record HistoryHealth(StoreFault? Fault, string? Detail, int Unsaved, long Dropped)
{
    /// <summary>Whether it does.</summary>
    public bool IsAvailable => Fault is null;
}
