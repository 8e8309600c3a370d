namespace Kuid.Jobd.Api.Models;

/// <summary>What JobSubmission and ExecRequest have in common. Members that a client leaves out are null.</summary>
internal abstract record CommandRequest
{
    /// <summary><c>shell</c>, <c>argv</c> or <c>pipeline</c>; what else is there says which when it is left out.</summary>
    public string? Kind { get; init; }

    /// <summary>The line for the shell.</summary>
    public string? Command { get; init; }

    /// <summary>The program and its arguments.</summary>
    public string[]? Argv { get; init; }

    /// <summary>Environment variables.</summary>
    public Dictionary<string, string>? Env { get; init; }

    /// <summary>Whether those are the whole environment.</summary>
    public bool? ClearEnv { get; init; }

    /// <summary>The working directory.</summary>
    public string? Cwd { get; init; }

    /// <summary>Standard input; base64 on the wire.</summary>
    public byte[]? Stdin { get; init; }

    /// <summary>How long it may run, in seconds.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>How long it has between SIGTERM and SIGKILL, in seconds.</summary>
    public double? KillGraceSeconds { get; init; }

    /// <summary>How long its streams are read after its exit while others hold them, in seconds.</summary>
    public double? DrainSeconds { get; init; }

    /// <summary>How many bytes of each stream are kept.</summary>
    public long? MaxOutputBytes { get; init; }

    /// <summary><c>none</c>, <c>basic</c>, <c>user</c> or <c>strict</c>.</summary>
    public string? Isolation { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to find jobs by.</summary>
    public Dictionary<string, string>? Labels { get; init; }
}

/// <summary>The body of submitJob.</summary>
internal sealed record JobSubmission : CommandRequest
{
    /// <summary>The pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The host that it is evaluated on, by name or address.</summary>
    public string? Host { get; init; }

    /// <summary>The hosts that it is evaluated on side by side.</summary>
    public string[]? Hosts { get; init; }

    /// <summary>The queue it waits in.</summary>
    public string? Queue { get; init; }

    /// <summary><c>none</c>, <c>inline</c> or <c>stream</c>.</summary>
    public string? StdinMode { get; init; }

    /// <summary>Whether its submitter is about to follow its output.</summary>
    public bool? Follow { get; init; }

    /// <summary>Its place in the queue.</summary>
    public int? Priority { get; init; }

    /// <summary>When it may start at the earliest (RFC 3339).</summary>
    public string? NotBefore { get; init; }

    /// <summary>How long after its submission it may still start, in seconds.</summary>
    public double? ExpiresInSeconds { get; init; }

    /// <summary>How many attempts it has.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The pause before its second attempt, in seconds.</summary>
    public double? RetryBackoffSeconds { get; init; }

    /// <summary>The jobs that have to be over before it starts.</summary>
    public long[]? After { get; init; }

    /// <summary>The items of its batch that have to be over before it starts, by their places.</summary>
    public int[]? AfterItems { get; init; }

    /// <summary><c>success</c> or <c>end</c>.</summary>
    public string? AfterMode { get; init; }

    /// <summary>Its concurrency key.</summary>
    public string? Key { get; init; }

    /// <summary><c>queue</c>, <c>skip</c> or <c>replace</c>.</summary>
    public string? KeyPolicy { get; init; }

    /// <summary>What its process may use of the machine.</summary>
    public LimitsJson? Limits { get; init; }

    /// <summary>The address that its end is posted to.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary><c>continue</c> or <c>cancel</c>.</summary>
    public string? Disconnect { get; init; }

    /// <summary>Whether it outlives the daemon.</summary>
    public bool? Survive { get; init; }
}

/// <summary>The body of exec.</summary>
internal sealed record ExecRequest : CommandRequest
{
    /// <summary><c>text</c> or <c>base64</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary><c>continue</c> or <c>cancel</c>.</summary>
    public string? Disconnect { get; init; }
}

/// <summary>The body of signalJob.</summary>
internal sealed record SignalRequest
{
    /// <summary>A name or a number.</summary>
    public required string Signal { get; init; }
}
