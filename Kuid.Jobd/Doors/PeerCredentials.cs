using System.Globalization;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>Who is at the other end of a connection, as it was when it connected.</summary>
/// <param name="UserId">The user of a Unix socket's peer; null on TCP, which does not tell.</param>
public readonly record struct PeerCredentials(uint? UserId)
{
    /// <summary>Asks the kernel.</summary>
    public static PeerCredentials Of(SafeFd socket)
    {
        try
        {
            (int pid, uint uid, _) = LibcSocket.PeerCredentials(socket);

            // A TCP socket answers too, with no pid and nobody's ids.
            return new PeerCredentials(pid == 0 && uid == uint.MaxValue ? null : uid);
        }
        catch (NativeException)
        {
            return new PeerCredentials(UserId: null);
        }
    }

    /// <summary>The name that jobs and log lines carry; TCP ports of the daemon's own are on 127.0.0.1.</summary>
    public string Principal => UserId is { } uid ? string.Create(CultureInfo.InvariantCulture, $"uid:{uid}") : "tcp:127.0.0.1";

    /// <summary>
    /// Whether the peer may use a socket with these permissions. The kernel has checked them at connect; this closes what
    /// they cannot: a private socket reached by another user through a descriptor or a capability.
    /// </summary>
    public bool MayUse(UnixFileMode mode)
    {
        const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        return UserId is not { } uid || uid == 0 || uid == LibcFiles.EffectiveUserId() || (mode & Others) != UnixFileMode.None;
    }
}
