namespace Kuid.Jobd.Core.Storage;

/// <summary>A client's name for one submission, so that sending it again does not make a second job.</summary>
/// <param name="Principal">Whose name it is: others may use the same.</param>
/// <param name="Key">The name.</param>
/// <param name="Fingerprint">SHA-256 of what was submitted: the same name for something else is a mistake.</param>
public sealed record IdempotencyKey(string Principal, string Key, byte[] Fingerprint)
{
    /// <summary>How long a name is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
}
