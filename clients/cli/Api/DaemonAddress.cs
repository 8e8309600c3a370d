namespace Kuid.Cli.Api;

/// <summary>Where the daemon is: its Unix socket, or a URL with the file that holds the token for it.</summary>
/// <param name="Socket">The path of the HTTP socket; null with a URL.</param>
/// <param name="Url">The URL; null with a socket.</param>
/// <param name="TokenFile">The token's file, for a URL.</param>
internal sealed record DaemonAddress(string? Socket, Uri? Url, string? TokenFile)
{
    private const string SocketVariable = "KUID_SOCKET";
    private const string DataVariable = "KUID_DATA";

    /// <summary>What TLS is spoken with where it is not the system's.</summary>
    internal DaemonTls? Tls { get; init; }

    /// <summary>Chooses: the options, then KUID_SOCKET, then the socket in the daemon's own default data folder.</summary>
    /// <param name="socket"><c>--socket</c>.</param>
    /// <param name="url"><c>--url</c>.</param>
    /// <param name="tokenFile"><c>--token-file</c>.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <param name="tls"><c>--ca</c>, <c>--certificate</c> and <c>--key</c>.</param>
    /// <exception cref="UsageException">The options exclude each other, or the URL is none that a token may be sent to.</exception>
    internal static DaemonAddress Choose(string? socket, string? url, string? tokenFile, Func<string, string?> variable, DaemonTls? tls = null)
    {
        if (tls is not null && (url is null || !url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException("--ca, --certificate and --key go with --url https://HOST:PORT");
        }

        if (url is null)
        {
            if (tokenFile is not null)
            {
                throw new UsageException("--token-file goes with --url; a socket needs no token");
            }

            string path = NonEmpty(socket) ?? NonEmpty(variable(SocketVariable)) ?? Path.Combine(DataFolder(variable), "http.sock");
            return new DaemonAddress(path, Url: null, TokenFile: null);
        }

        return socket is null
            ? new DaemonAddress(Socket: null, ReadUrl(url), tokenFile ?? (tls?.Certificate is null ? Path.Combine(DataFolder(variable), "token") : null)) { Tls = tls }
            : throw new UsageException("--socket and --url exclude each other");
    }

    /// <summary>As messages name it.</summary>
    public override string ToString() => Socket ?? Url!.ToString().TrimEnd('/');

    /// <summary>The daemon's data folder unless it was told another, by the same rule as its own: Kuid.Jobd/CommandLine.cs.</summary>
    internal static string DataFolder(Func<string, string?> variable)
    {
        if (NonEmpty(variable(DataVariable)) is { } data)
        {
            return data;
        }

        if (variable("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state))
        {
            return Path.Combine(state, "kuid");
        }

        return !Environment.IsPrivilegedProcess && variable("HOME") is { } home && Path.IsPathRooted(home)
            ? Path.Combine(home, ".local", "state", "kuid")
            : "/var/lib/kuid";
    }

    private static Uri ReadUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https")
            || url.PathAndQuery != "/" || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            throw new UsageException($"--url \"{text}\": allowed: http://127.0.0.1:PORT or https://HOST:PORT");
        }

        // The token crosses the wire as it is.
        return url.Scheme == "https" || url.IsLoopback
            ? url
            : throw new UsageException($"--url \"{text}\": http is for this machine only, for it would show the token to the network");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
