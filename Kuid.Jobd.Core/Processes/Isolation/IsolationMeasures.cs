namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>What the spawner does to a process for the sake of a profile; a process whose measures cannot all be taken does not start.</summary>
public sealed record IsolationMeasures
{
    /// <summary>The variables in place of the daemon's original ones.</summary>
    public required IReadOnlyList<byte[]> Environment { get; init; }

    /// <summary>Whom the process runs as, without any capability; null for the daemon's user.</summary>
    public JobUser? User { get; init; }

    /// <summary>Its umask; null for the daemon's.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>The namespaces that it runs in; null for the daemon's.</summary>
    public SandboxSpec? Sandbox { get; init; }

    /// <summary>The directory of a process that says none; null for the daemon's, which another user may have no business in.</summary>
    public byte[]? WorkingDirectory { get; init; }
}
