using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Secrets;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// The daemon's own token: 256 bits in base64url, in a file that only the daemon's user can read. Tokens are compared by their
/// SHA-256, in a time that tells nothing.
/// </summary>
/// <remarks>
/// The hash is made when the first token is presented, for that loads five megabytes of OpenSSL, and the Unix socket asks for none.
/// </remarks>
public sealed class AccessToken
{
    private readonly TokenKey _key;

    internal AccessToken(string token) => _key = TokenKey.OfText(token);

    /// <summary>Reads the token, which at the first start is made.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidDataException">The file is no token, or others can read it; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static AccessToken ReadOrMake(string path)
    {
        string token = SecretFile.ReadOrMake(path, "token", TokenText.Make);
        return TokenText.IsToken(token)
            ? new AccessToken(token)
            : throw new InvalidDataException($"{path}: is no token; remove it, and a new one is made");
    }

    /// <summary>Whether this is the token.</summary>
    internal bool Is(ReadOnlySpan<char> presented)
    {
        Span<byte> hash = stackalloc byte[TokenText.HashBytes];
        return TokenText.TryHash(presented, hash) && Matches(hash);
    }

    /// <summary>Whether this is the token of a hash.</summary>
    internal bool Matches(ReadOnlySpan<byte> hash) => _key.Matches(hash);
}
