using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kuid.Jobd.Core.Secrets;

namespace Kuid.Jobd.Core.Callbacks;

/// <summary>
/// What callbacks are signed with, in a file that only the daemon's user can read; who is posted to has a copy. The form of the
/// secret and of the signature are those of Standard Webhooks (standardwebhooks.com), for which every language has a checker.
/// </summary>
public sealed class CallbackSecret
{
    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    // The specification's bounds.
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    private readonly byte[] _key;

    private CallbackSecret(byte[] key) => _key = key;

    /// <summary>The secret of a text.</summary>
    /// <returns>Null when the text is none.</returns>
    public static CallbackSecret? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] key = new byte[MostBytes];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out int length) && length >= LeastBytes
            ? new CallbackSecret(key[..length])
            : null;
    }

    /// <summary>Reads the secret, which at first need is made.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidDataException">The file is no secret, or others can read it; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static CallbackSecret ReadOrMake(string path)
    {
        string secret = SecretFile.ReadOrMake(path, "secret", () => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
        return Parse(secret)
            ?? throw new InvalidDataException(
                $"{path}: is no secret, which is {Prefix} and {LeastBytes} to {MostBytes} bytes in base64; remove it, and a new one is made");
    }

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>: seconds since 1970, UTC.</param>
    /// <param name="body">What is posted.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
