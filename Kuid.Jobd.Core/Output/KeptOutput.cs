namespace Kuid.Jobd.Core.Output;

/// <summary>What is kept of a job's output when the job is over: small streams as bytes, large ones in files.</summary>
/// <param name="Shape">What else there is to know (<see cref="OutputShape"/>).</param>
/// <param name="Stdout">The bytes of standard output; null when there are none or they are in a file.</param>
/// <param name="Stderr">The bytes of standard error, likewise.</param>
/// <param name="StdoutBytes">How many bytes of standard output are kept.</param>
/// <param name="StderrBytes">How many bytes of standard error are kept.</param>
public sealed record KeptOutput(byte[] Shape, byte[]? Stdout, byte[]? Stderr, long StdoutBytes, long StderrBytes)
{
    /// <summary>How many bytes are kept of both.</summary>
    public long Bytes => StdoutBytes + StderrBytes;

    /// <summary>Whether there is anything to keep.</summary>
    public bool IsEmpty => Bytes == 0;
}
