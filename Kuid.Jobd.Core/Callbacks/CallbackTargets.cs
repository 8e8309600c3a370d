using System.Diagnostics.CodeAnalysis;

namespace Kuid.Jobd.Core.Callbacks;

/// <summary>
/// Where the ends of jobs may be posted to: URLs that the daemon's owner has listed, and what lies below them. Nothing is by
/// default: a daemon that posts wherever its clients want is a way into every network that it can reach.
/// </summary>
/// <remarks>
/// Scheme, host and port have to be the same, and the path has to begin with the same segments: text that begins alike is not
/// enough, or <c>http://a.example</c> would allow <c>http://a.example.evil</c>. Both sides are compared as they are sent, after
/// <see cref="Uri"/> has resolved dots and cases, and a path that a server might resolve further is refused.
/// </remarks>
public sealed class CallbackTargets : IEquatable<CallbackTargets>
{
    /// <summary>The longest URL, in characters.</summary>
    public const int LongestUrl = 2048;

    private readonly IReadOnlyList<Uri> _allowed;

    private CallbackTargets(IReadOnlyList<Uri> allowed) => _allowed = allowed;

    /// <summary>No target at all.</summary>
    public static CallbackTargets None { get; } = new([]);

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => _allowed.Count == 0;

    /// <summary>Those that are listed.</summary>
    /// <exception cref="FormatException">One is no URL that can be listed; the message says what is allowed.</exception>
    public static CallbackTargets Of(IEnumerable<string> urls) => new([.. urls.Select(url =>
        Parse(url) is { Query: "" } parsed
            ? parsed
            : throw new FormatException($"\"{url}\": a query is not allowed here, only what a URL begins with"))]);

    /// <summary>A target.</summary>
    /// <returns>The URL as it is posted to; null when it is not among those that are allowed.</returns>
    /// <exception cref="FormatException">It is no URL to post to; the message says what is allowed.</exception>
    public Uri? Find(string url) => Parse(url) is var parsed && _allowed.Any(allowed => Covers(allowed, parsed)) ? parsed : null;

    /// <summary>What is allowed, for people.</summary>
    public override string ToString() => IsEmpty
        ? "no callback is allowed: the daemon was started without --callback-allow"
        : $"allowed are {string.Join(", ", _allowed)} and what is below";

    /// <summary>Whether the same are listed, in the same order: a configuration that is read again may have changed nothing.</summary>
    public bool Equals(CallbackTargets? other) => other is not null && _allowed.SequenceEqual(other._allowed);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CallbackTargets);

    /// <inheritdoc/>
    public override int GetHashCode() => _allowed.Aggregate(0, HashCode.Combine);

    private static bool Covers(Uri allowed, Uri url) =>
        allowed.Scheme == url.Scheme && allowed.Port == url.Port
        && allowed.IdnHost.Equals(url.IdnHost, StringComparison.OrdinalIgnoreCase)
        && IsBelow(allowed.AbsolutePath, url.AbsolutePath);

    private static bool IsBelow(string allowed, string path) =>
        path.StartsWith(allowed, StringComparison.Ordinal)
        && (allowed.EndsWith('/') || path.Length == allowed.Length || path[allowed.Length] == '/');

    private static Uri Parse(string url)
    {
        if (url.Length > LongestUrl || !TryParse(url, out Uri? parsed))
        {
            throw new FormatException($"an absolute http or https URL of at most {LongestUrl} characters is allowed");
        }

        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0)
        {
            throw new FormatException("a URL without user, password and fragment is allowed");
        }

        // %2f, %5c and %2e: a server that decodes before it looks for segments sees others than are compared here.
        string path = parsed.AbsolutePath;
        if (path.Contains('\\', StringComparison.Ordinal)
            || Array.Exists(["%2f", "%5c", "%2e"], escaped => path.Contains(escaped, StringComparison.OrdinalIgnoreCase)))
        {
            throw new FormatException("a path without escaped slashes, backslashes and dots is allowed");
        }

        return parsed;
    }

    private static bool TryParse(string url, [NotNullWhen(true)] out Uri? parsed) =>
        Uri.TryCreate(url, UriKind.Absolute, out parsed)
        && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps)
        && parsed.Host.Length > 0
        && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
