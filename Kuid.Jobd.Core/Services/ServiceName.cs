using System.Buffers;

namespace Kuid.Jobd.Core.Services;

/// <summary>What a service may be called.</summary>
public static class ServiceName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    /// <summary>What is allowed, for error messages.</summary>
    public const string Allowed = "1 to 64 characters of A-Z a-z 0-9 . _ - of which the first is a letter or a digit";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a service may be called so.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(Characters);
}
