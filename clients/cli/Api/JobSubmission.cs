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
}
