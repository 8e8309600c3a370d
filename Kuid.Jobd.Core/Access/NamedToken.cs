using System.Globalization;
using System.Text.Json;

namespace Kuid.Jobd.Core.Access;

/// <summary>A token as its file in <c>DIR/tokens</c> describes it: what it may do, and the keys by which it is known.</summary>
/// <remarks>
/// The file is one JSON object; times are RFC 3339 in UTC, the hash is SHA-256 of the token's text in hexadecimal digits:
/// <code>{"scopes":["read","run:weather"],"keys":[{"sha256":"9f86...","createdAt":"2026-03-01T12:00:00Z","expiresAt":"2026-03-31T12:00:00Z"}]}</code>
/// Files of two lines, which are older, have the token itself in the first and the scopes in the second. They are still read.
/// </remarks>
/// <param name="Name">The name of its file; its principal is <c>token:NAME</c>.</param>
/// <param name="Scopes">What whoever has it may do.</param>
/// <param name="Keys">The newest first.</param>
public sealed record NamedToken(string Name, ScopeSet Scopes, IReadOnlyList<TokenKey> Keys)
{
    /// <summary>Whether its file holds the token itself, which anybody who copies the file then has.</summary>
    public bool IsInClear { get; init; }

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="FormatException">It is neither of the two formats; the message says what is wrong.</exception>
    public static NamedToken Parse(string name, string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.StartsWith('{') ? ParseJson(name, content) : ParseLines(name, content);
    }

    /// <summary>What its file has to say.</summary>
    public byte[] ToFile()
    {
        using var file = new MemoryStream();
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteStartArray("scopes");
            foreach (string word in Scopes.Words)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteStartArray("keys");
            foreach (TokenKey key in Keys)
            {
                json.WriteStartObject();
                json.WriteString("sha256", Convert.ToHexStringLower(key.Hash));
                Write(json, "createdAt", key.CreatedAt);
                Write(json, "expiresAt", key.ExpiresAt);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        file.WriteByte((byte)'\n');
        return file.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTime? time)
    {
        if (time is { } moment)
        {
            json.WriteString(name, moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
    }

    private static NamedToken ParseLines(string name, string content) =>
        content.TrimEnd('\n').Split('\n') is [var text, var scopes] && TokenText.IsToken(text)
            ? new NamedToken(name, ScopeSet.Of(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)), [TokenKey.OfText(text)]) { IsInClear = true }
            : throw new FormatException("is neither the JSON that kuid token writes nor two lines, a token of 43 to 512 characters without spaces and its scopes");

    private static NamedToken ParseJson(string name, string content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            Only(document.RootElement, "scopes", "keys");
            var scopes = ScopeSet.Of(document.RootElement.GetProperty("scopes").EnumerateArray().Select(word => word.GetString()!));
            TokenKey[] keys = [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(ParseKey)];
            return keys.Length > 0 ? new NamedToken(name, scopes, keys) : throw new FormatException("has no key");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"is not what kuid token writes: {e.Message}", e);
        }
    }

    private static TokenKey ParseKey(JsonElement key)
    {
        Only(key, "sha256", "createdAt", "expiresAt");
        return TokenKey.OfHash(Convert.FromHexString(key.GetProperty("sha256").GetString()!), TimeOf(key, "createdAt"), TimeOf(key, "expiresAt"));
    }

    // Whoever writes a limit of his own under a name that means nothing would believe it to be in force.
    private static void Only(JsonElement element, params string[] names)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name, StringComparer.Ordinal))
            {
                throw new FormatException($"has the unknown member \"{property.Name}\"; {string.Join(", ", names)} are known");
            }
        }
    }

    private static DateTime? TimeOf(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement time) ? time.GetDateTimeOffset().UtcDateTime : null;
}
