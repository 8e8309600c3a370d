using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Secrets;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// The token that opens the TCP port: 256 bits in base64url, in a file that only the daemon's user can read. Tokens are compared
/// by their SHA-256, in a time that tells nothing.
/// </summary>
/// <remarks>
/// The hash is made when the first token is presented, for that loads five megabytes of OpenSSL, and the Unix socket asks for none.
/// </remarks>
public sealed class AccessToken
{
    private const int TokenBytes = 32;
    private const int MostCharacters = 512;

    // 256 bits in base64url.
    private static readonly int LeastCharacters = Base64Url.GetEncodedLength(TokenBytes);

    private readonly Lazy<byte[]> _hash;

    internal AccessToken(string token) => _hash = new(() => SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>Reads the token, which at the first start is made.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidDataException">The file is no token, or others can read it; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static AccessToken ReadOrMake(string path)
    {
        string token = SecretFile.ReadOrMake(path, "token", () => Base64Url.EncodeToString(LibcRandom.Bytes(TokenBytes)));
        return IsToken(token)
            ? new AccessToken(token)
            : throw new InvalidDataException($"{path}: is no token; remove it, and a new one is made");
    }

    /// <summary>Whether a text can be a token.</summary>
    internal static bool IsToken(string text) =>
        text.Length >= LeastCharacters && text.Length <= MostCharacters && text.All(c => c is > ' ' and < '\x7f');

    /// <summary>Whether this is the token.</summary>
    internal bool Is(ReadOnlySpan<char> presented)
    {
        Span<byte> text = stackalloc byte[MostCharacters];
        if (presented.Length > MostCharacters || Encoding.ASCII.GetBytes(presented, text) != presented.Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..presented.Length], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash.Value);
    }
}
