using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Access;

/// <summary>What a token looks like: 256 bits in base64url, or as many characters of somebody's own.</summary>
public static class TokenText
{
    /// <summary>How many bytes the hash of one has: SHA-256.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int TokenBytes = 32;
    private const int MostCharacters = 512;

    private static readonly int LeastCharacters = Base64Url.GetEncodedLength(TokenBytes);

    /// <summary>A new one, which nobody can guess.</summary>
    public static string Make() => Base64Url.EncodeToString(LibcRandom.Bytes(TokenBytes));

    /// <summary>Whether a text can be a token.</summary>
    public static bool IsToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length >= LeastCharacters && text.Length <= MostCharacters && text.All(c => c is > ' ' and < '\x7f');
    }

    /// <summary>The hash of what somebody has presented.</summary>
    /// <remarks>The first one loads five megabytes of OpenSSL; a daemon that nobody shows a token stays without.</remarks>
    /// <returns>Whether it can be a token at all.</returns>
    public static bool TryHash(ReadOnlySpan<char> presented, Span<byte> hash)
    {
        Span<byte> text = stackalloc byte[MostCharacters];
        if (presented.Length > MostCharacters || !Ascii.IsValid(presented))
        {
            return false;
        }

        SHA256.HashData(text[..Encoding.ASCII.GetBytes(presented, text)], hash);
        return true;
    }
}
