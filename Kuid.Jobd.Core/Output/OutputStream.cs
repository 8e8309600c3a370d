namespace Kuid.Jobd.Core.Output;

/// <summary>The two streams of a job's output; the numbers are those of the descriptors.</summary>
public enum OutputStream
{
    /// <summary>Standard output.</summary>
    Stdout = 1,

    /// <summary>Standard error.</summary>
    Stderr = 2,
}
