namespace Kuid.Cli.Api;

/// <summary>What is asked for; the daemon knows the defaults of members that are null, and judges the others.</summary>
internal sealed record JobSubmission
{
    /// <summary><c>shell</c>, <c>argv</c> or <c>pipeline</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The command of kind shell.</summary>
    public string? Command { get; init; }

    /// <summary>The words of kind argv.</summary>
    public IReadOnlyList<string>? Argv { get; init; }

    /// <summary>The script of kind pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Where kind pipeline is evaluated; null for the daemon's own machine.</summary>
    public string? Host { get; init; }

    /// <summary>Hosts of kind pipeline that it is evaluated on side by side.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to find it by.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Variables added to the daemon's environment.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>The working directory.</summary>
    public string? Cwd { get; init; }

    /// <summary>Standard input of mode inline.</summary>
    public byte[]? Stdin { get; init; }

    /// <summary><c>none</c>, <c>inline</c> or <c>stream</c>.</summary>
    public string? StdinMode { get; init; }

    /// <summary>How long it may run.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Whether its output is about to be followed; null for no.</summary>
    public bool? Follow { get; init; }

    /// <summary>Higher starts first.</summary>
    public int? Priority { get; init; }

    /// <summary>What it has between SIGTERM and SIGKILL.</summary>
    public double? KillGraceSeconds { get; init; }

    /// <summary>How long each of its output streams may become.</summary>
    public long? MaxOutputBytes { get; init; }

    /// <summary>When it may start at the earliest.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How long after its submission it may start at the latest.</summary>
    public double? ExpiresInSeconds { get; init; }

    /// <summary>How often it is tried until it succeeds.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The pause before the second attempt.</summary>
    public double? RetryBackoffSeconds { get; init; }

    /// <summary>The jobs it waits for.</summary>
    public IReadOnlyList<long>? After { get; init; }

    /// <summary><c>success</c> or <c>end</c>: what of them it waits for.</summary>
    public string? AfterMode { get; init; }

    /// <summary>Of the jobs with the same key one runs at a time.</summary>
    public string? Key { get; init; }

    /// <summary><c>queue</c>, <c>skip</c> or <c>replace</c>: what it does while another has the key.</summary>
    public string? KeyPolicy { get; init; }

    /// <summary>The resource limits of its processes.</summary>
    public JobLimits? Limits { get; init; }

    /// <summary>Where its end is told.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary><c>continue</c> or <c>cancel</c>: what becomes of it when whoever follows it goes away.</summary>
    public string? Disconnect { get; init; }

    /// <summary>Whether it outlives the daemon.</summary>
    public bool? Survive { get; init; }

    /// <summary><c>none</c>, <c>basic</c>, <c>user</c> or <c>strict</c>.</summary>
    public string? Isolation { get; init; }
}

/// <summary>The resource limits of a job's processes, by setrlimit(2); null for none.</summary>
internal sealed record JobLimits
{
    /// <summary>CPU time.</summary>
    public long? CpuSeconds { get; init; }

    /// <summary>Address space.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The length of a file that is written.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Open files.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>Processes of the user.</summary>
    public long? Processes { get; init; }

    /// <summary>The length of a core dump.</summary>
    public long? CoreBytes { get; init; }
}
