namespace Kuid.Sysreq.Remote;

/// <summary>A program to run on the server's machine.</summary>
public sealed record RemoteProgram
{
    /// <summary>
    /// The file that is executed; a name without a slash is looked for along <c>PATH</c> of <see cref="Environment"/>. A relative path
    /// counts from <see cref="WorkingDirectory"/>.
    /// </summary>
    public required ByteString File { get; init; }

    /// <summary>argv, its first item by custom the program's name; never empty.</summary>
    public required IReadOnlyList<ByteString> Arguments { get; init; }

    /// <summary>The whole environment, <c>NAME=VALUE</c> each. The server itself has none to inherit.</summary>
    public IReadOnlyList<ByteString> Environment { get; init; } = [];

    /// <summary>Where it starts; null is the server's current folder.</summary>
    public ByteString? WorkingDirectory { get; init; }

    /// <summary>Limits set before it starts.</summary>
    public IReadOnlyList<KeyValuePair<Resource, ResourceLimit>> Limits { get; init; } = [];

    /// <summary>Its standard input, read as the program takes it; null is an empty one. The caller disposes it.</summary>
    public Stream? Input { get; init; }

    /// <summary>How long output is still read once the program has ended while others hold its pipes open.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The program with these arguments; the first is the file too.</summary>
    public static RemoteProgram Of(params ByteString[] arguments) => new() { File = arguments[0], Arguments = arguments };
}

/// <summary>Where a piece of output came from.</summary>
public enum OutputKind
{
    /// <summary>Standard output.</summary>
    Stdout = 1,

    /// <summary>Standard error.</summary>
    Stderr = 2,

    /// <summary>No output: the program has ended, and <see cref="ProgramOutput.WaitStatus"/> is set. It comes last, once.</summary>
    Ended = 3,
}

/// <summary>A piece of a remote program's output, or its end.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The bytes; empty at the end.</param>
/// <param name="WaitStatus">At the end the raw status of wait(2): 256 times the exit code, or the signal, 128 added for a core.</param>
public readonly record struct ProgramOutput(OutputKind Kind, ReadOnlyMemory<byte> Bytes, int WaitStatus);
