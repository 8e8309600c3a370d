namespace Kuid.Sysreq.Remote;

/// <summary>What a server says of itself in its banner.</summary>
[Flags]
public enum ServerFlags : ushort
{
    /// <summary>Nothing, as the original.</summary>
    None = 0,

    /// <summary>Requests may follow each other without waiting for replies.</summary>
    Pipelines = 1,

    /// <summary>The server runs under its read-only profile.</summary>
    Look = 2,

    /// <summary>The connection is two descriptors: 3 is read and 4 is written. Otherwise 3 is both.</summary>
    TwoDescriptors = 4,
}

/// <summary>
/// The 16 bytes that a server sends first. The original's are <c>4bb1d7484554ae5ee8a43c652051544f</c>; as its client does, any other
/// banner that is not ours counts as the original's, except the one of its TLS variant (<c>c140023f...</c>), which is refused.
/// </summary>
/// <param name="IsOriginal">Whether it is no server of ours: one request at a time, x86-64 until uname says otherwise.</param>
/// <param name="Version">Version of our wire, 1; 0 for an original.</param>
/// <param name="Machine">e_machine of the server's ELF file: 62 is x86-64, 183 is aarch64.</param>
/// <param name="Flags">What else it says.</param>
public sealed record ServerIdent(bool IsOriginal, int Version, int Machine, ServerFlags Flags)
{
    /// <summary>How many bytes a banner has.</summary>
    public const int Length = 16;

    /// <summary>Whether requests may follow each other without waiting.</summary>
    public bool Pipelines => Flags.HasFlag(ServerFlags.Pipelines);

    /// <summary>Whether the server runs under its read-only profile.</summary>
    public bool Look => Flags.HasFlag(ServerFlags.Look);

    /// <summary>Whether the connection is descriptors 3 and 4 instead of 3 alone.</summary>
    public bool TwoDescriptors => Flags.HasFlag(ServerFlags.TwoDescriptors);

    /// <summary>The descriptor that the server writes the connection to.</summary>
    public int WriteDescriptor => TwoDescriptors ? 4 : 3;
}
