using System.Globalization;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>Who is at the other end of a connection, as it was when it connected.</summary>
/// <param name="UserId">The user of a Unix socket's peer; null on TCP, which does not tell.</param>
/// <param name="IsKnown">False for the peer of a Unix socket whose user the kernel would not tell: it may do nothing.</param>
public readonly record struct PeerCredentials(uint? UserId, bool IsKnown = true)
{
    /// <summary>Asks the kernel.</summary>
    public static PeerCredentials Of(SafeFd socket)
    {
        try
        {
            (_, uint uid, _) = LibcSocket.PeerCredentials(socket);

            // A TCP socket answers too, with nobody's ids.
            return uid == uint.MaxValue ? new PeerCredentials(UserId: null, IsKnown: !LibcSocket.IsUnix(socket)) : new PeerCredentials(uid);
        }
        catch (NativeException)
        {
            return new PeerCredentials(UserId: null, IsKnown: false);
        }
    }

    /// <summary>The name that jobs and log lines carry; TCP ports of the daemon's own are on 127.0.0.1.</summary>
    public string Principal => UserId is { } uid ? string.Create(CultureInfo.InvariantCulture, $"uid:{uid}") : IsKnown ? "tcp:127.0.0.1" : "unknown";

    /// <summary>The same for the gate that decides what they may do.</summary>
    /// <param name="socket">The connection, which is asked for the peer's groups where those matter.</param>
    /// <param name="socketMode">
    /// The permissions of the socket that it came in by. The kernel has checked them at connect; what they cannot close is a private
    /// socket that another user reaches through a descriptor or a capability.
    /// </param>
    public Caller AsCaller(SafeFd socket, UnixFileMode socketMode)
    {
        const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        return UserId is not { } uid ? new Caller(IsKnown ? CallerKind.OpenPort : CallerKind.Unknown, Principal) : new Caller(CallerKind.User, Principal)
        {
            UserId = uid,
            Groups = () => LibcSocket.PeerGroups(socket),
            SocketIsShared = (socketMode & Others) != UnixFileMode.None,
        };
    }
}
