using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>What a stage has while it runs.</summary>
public abstract class CommandContext
{
    /// <summary>The remote system.</summary>
    public abstract RemoteSystem System { get; }

    /// <summary>The variables that remote programs get.</summary>
    public abstract IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The files of whoever calls; null where the host program does not give them.</summary>
    public virtual ILocalFiles? LocalFiles => null;

    /// <summary>The status that the stage ends with, unless it fails otherwise: <c>grep</c> without a match sets 1.</summary>
    public int Status { get; set; }

    /// <summary>Says what went wrong with a part of the work; the rest goes on, and the status becomes 1 if it was 0.</summary>
    public abstract ValueTask ReportAsync(ErrorValue error);

    /// <summary>Passes on what a remote program wrote to its standard error.</summary>
    public abstract ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes);
}
