namespace Kuid.Jobd.Core.Access;

/// <summary>How a door knows who is there.</summary>
public enum CallerKind
{
    /// <summary>It does not: the kernel would not say. Such a caller may do nothing.</summary>
    Unknown,

    /// <summary>The kernel said which user has connected to a Unix socket.</summary>
    User,

    /// <summary>Through a port of the loopback whose format has no room for a credential; whoever opened the port let everybody in.</summary>
    OpenPort,

    /// <summary>By a token, which carries its own scopes.</summary>
    Token,

    /// <summary>By a certificate of the client that the configured authority has signed.</summary>
    Certificate,
}

/// <summary>Who is at a door, as far as the transport tells.</summary>
/// <param name="Kind">How that is known.</param>
/// <param name="Principal">The name that jobs and log lines carry.</param>
public readonly record struct Caller(CallerKind Kind, string Principal)
{
    /// <summary>The user, for <see cref="CallerKind.User"/>.</summary>
    public uint UserId { get; init; }

    /// <summary>Asks for the user's groups; null where nobody can.</summary>
    public Func<IReadOnlyList<uint>>? Groups { get; init; }

    /// <summary>Whether the permissions of the Unix socket let others write to it, who then were meant to use it.</summary>
    public bool SocketIsShared { get; init; }

    /// <summary>What the token allows, for <see cref="CallerKind.Token"/>.</summary>
    public ScopeSet? OfToken { get; init; }
}
