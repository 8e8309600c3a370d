using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Access;

/// <summary>The one place where it is decided who may do what, for every door, and where each decision is noted.</summary>
/// <remarks>
/// Root and the daemon's own user may do everything, for they could without the daemon. The configured list comes next: who is on it
/// may do what it says and no more. A user who is not on it may run jobs where the permissions of a socket invite others
/// (<c>--socket-mode 0660</c>), which is how sockproc is shared; the HTTP door's socket invites nobody in that way. A token carries
/// its own scopes. Whoever cannot be told may do nothing.
/// </remarks>
/// <param name="list">The configured list in force, which a reload may change.</param>
/// <param name="audit">Where decisions are noted.</param>
public sealed class AccessGate(Func<AccessList> list, IAuditLog audit)
{
    /// <summary>What somebody may do.</summary>
    public ScopeSet ScopesOf(in Caller caller) => caller.Kind switch
    {
        CallerKind.User when caller.UserId == 0 || caller.UserId == LibcFiles.EffectiveUserId() => ScopeSet.Everything,
        CallerKind.User => list().OfUser(caller.UserId, caller.Groups) ?? (caller.SocketIsShared ? ScopeSet.Running : ScopeSet.None),
        CallerKind.OpenPort => ScopeSet.Running,
        CallerKind.Token => caller.OfToken ?? ScopeSet.None,
        CallerKind.Certificate => list().OfCertificate(caller.Principal[AccessList.CertificatePrefix.Length..]) ?? ScopeSet.None,
        _ => ScopeSet.None,
    };

    /// <summary>Whether scopes are enough for what needs one.</summary>
    /// <param name="service">The service that is to be called, whose own scope is enough too; null for anything else.</param>
    public static bool Allows(ScopeSet scopes, Scope needed, string? service = null)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return scopes.Allows(needed) || (service is not null && scopes.AllowsService(service));
    }

    /// <summary>Decides, and notes a refusal; what is allowed is noted by <see cref="Note"/> when it has its job.</summary>
    /// <param name="door">The door's name: <c>sockproc</c>.</param>
    /// <param name="operation">What is to be done, in the door's words.</param>
    public AccessDecision Decide(string door, in Caller caller, string operation, Scope needed, string? service = null)
    {
        var decision = new AccessDecision(Allows(ScopesOf(caller), needed, service), door, caller.Principal, operation, needed) { Service = service };
        if (!decision.IsAllowed)
        {
            Note(decision);
        }

        return decision;
    }

    /// <summary>Notes a decision.</summary>
    public void Note(in AccessDecision decision) => audit.Write(decision);
}
