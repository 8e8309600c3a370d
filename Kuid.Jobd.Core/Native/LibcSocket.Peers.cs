namespace Kuid.Jobd.Core.Native;

/// <summary>What the kernel knows of a socket's peer beyond its user: of which family the socket is, and the peer's groups.</summary>
public static partial class LibcSocket
{
    private const int SO_DOMAIN = 39;
    private const int SO_PEERGROUPS = 59;
    private const uint AF_UNIX = 1;

    // NGROUPS_MAX is 65536; who has more than these has them for nothing here.
    private const int MostGroups = 1024;

    /// <summary>Whether it is a Unix socket; false when the kernel would not say.</summary>
    public static bool IsUnix(SafeFd socket)
    {
        Span<uint> family = stackalloc uint[1];
        uint size = sizeof(uint);
        return RawGetOption(socket, SOL_SOCKET, SO_DOMAIN, family, ref size) == 0 && family[0] == AF_UNIX;
    }

    /// <summary>The groups of the process at the other end of a Unix socket as it was at connect(2), its own first; none when the kernel would not say.</summary>
    public static IReadOnlyList<uint> PeerGroups(SafeFd socket)
    {
        try
        {
            uint own = PeerCredentials(socket).Gid;
            Span<uint> groups = stackalloc uint[MostGroups];
            uint size = MostGroups * sizeof(uint);
            return RawGetOption(socket, SOL_SOCKET, SO_PEERGROUPS, groups, ref size) == 0
                ? [own, .. groups[..(int)(size / sizeof(uint))]]
                : [own];
        }
        catch (NativeException)
        {
            return [];
        }
    }
}
