namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// What a process may use of the machine: setrlimit(2), the soft limit and the hard one, inherited by what it starts. Null leaves a
/// limit as it is.
/// </summary>
public sealed record ResourceLimits
{
    /// <summary>CPU time, in seconds (CPU): SIGXCPU when it is used up, SIGKILL a second later.</summary>
    public long? CpuSeconds { get; init; }

    /// <summary>The size of its address space (AS): a larger one is not to be had.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How large a file it may make (FSIZE): SIGXFSZ when it writes beyond.</summary>
    public long? FileBytes { get; init; }

    /// <summary>How many descriptors it may have open, more precisely the first number that none of them may have (NOFILE).</summary>
    public long? OpenFiles { get; init; }

    /// <summary>How many processes its user may have (NPROC); no limit to root.</summary>
    public long? Processes { get; init; }

    /// <summary>The size of a core dump (CORE); 0 for none.</summary>
    public long? CoreBytes { get; init; }

    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => this == new ResourceLimits();
}
