using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>Named tokens.</summary>
internal static class TokenListing
{
    /// <summary>What <c>kuid token ls</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "name",
        ("NAME", Member.Of("name")),
        ("SCOPES", Scopes),
        ("STATE", Member.Of("state")),
        ("KEYS", Member.Of("keys")),
        ("CREATED", Member.Of("createdAt")),
        ("EXPIRES", Member.Of("expiresAt")));

    private static string Scopes(JsonElement token) => string.Join(' ', token.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
}
