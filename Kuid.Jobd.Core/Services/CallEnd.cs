using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Services;

/// <summary>How a call ended, as its subserver says.</summary>
/// <param name="Status">How its program ended; null when there was none, or it is not known.</param>
internal sealed record CallEnd(WaitStatus? Status)
{
    /// <summary>What the program used; null when there was none.</summary>
    internal ResourceUsage? Usage { get; init; }

    /// <summary>How many bytes the program has read from its caller; less than 0 when that is not known.</summary>
    internal long BytesIn { get; init; } = -1;

    /// <summary>How many it has written.</summary>
    internal long BytesOut { get; init; } = -1;

    /// <summary>Why there is no status; null when there is one.</summary>
    internal string? Fault { get; init; }

    /// <summary>Whether the subserver has gone, so that nobody knows.</summary>
    internal bool IsLost { get; init; }
}
