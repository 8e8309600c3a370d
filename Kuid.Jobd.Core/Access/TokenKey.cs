using System.Security.Cryptography;

namespace Kuid.Jobd.Core.Access;

/// <summary>One of the texts by which a named token is known: its hash, and until when. During a rotation a token has two.</summary>
public sealed class TokenKey
{
    private readonly Lazy<byte[]> _hash;

    private TokenKey(Lazy<byte[]> hash, DateTime? createdAt, DateTime? expiresAt)
    {
        _hash = hash;
        CreatedAt = createdAt;
        ExpiresAt = expiresAt;
    }

    /// <summary>When it was made, UTC; null for a file of two lines, which does not say.</summary>
    public DateTime? CreatedAt { get; }

    /// <summary>From when on it opens nothing any more, UTC; null for never.</summary>
    public DateTime? ExpiresAt { get; }

    /// <summary>SHA-256 of the text.</summary>
    public ReadOnlySpan<byte> Hash => _hash.Value;

    /// <summary>A key of which only the hash is known.</summary>
    /// <exception cref="FormatException">The hash has not the length of one, or the key expires before it was made.</exception>
    public static TokenKey OfHash(byte[] hash, DateTime? createdAt, DateTime? expiresAt)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return hash.Length == TokenText.HashBytes
            ? new TokenKey(new Lazy<byte[]>(hash), createdAt, expiresAt)
            : throw new FormatException($"a SHA-256 has {TokenText.HashBytes * 2} hexadecimal digits");
    }

    /// <summary>A key whose text is there; it is hashed when somebody asks, for that loads OpenSSL.</summary>
    public static TokenKey OfText(string text, DateTime? createdAt = null, DateTime? expiresAt = null) => new(
        new Lazy<byte[]>(() =>
        {
            byte[] hash = new byte[TokenText.HashBytes];
            return TokenText.TryHash(text, hash) ? hash : throw new FormatException("this is no token");
        }),
        createdAt,
        expiresAt);

    /// <summary>Whether it is a key of this hash; how long that takes tells nothing.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(hash, _hash.Value);

    /// <summary>Whether its time is over.</summary>
    public bool IsExpired(DateTime now) => ExpiresAt <= now;

    /// <summary>The same, which ends at a time unless it does so earlier.</summary>
    public TokenKey Until(DateTime end) => ExpiresAt <= end ? this : new TokenKey(_hash, CreatedAt, end);
}
