namespace Kuid.Client;

/// <summary>One of a job's streams of output.</summary>
public enum OutputStream
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,

    /// <summary>Both in the order they came.</summary>
    Both,
}
