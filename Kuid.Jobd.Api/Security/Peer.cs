using System.Net.Sockets;
using Kuid.Jobd.Core.Native;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kuid.Jobd.Api.Security;

/// <summary>Who is at the other end of a connection, as the kernel saw them when they connected; each request finds it among its features.</summary>
/// <param name="UserId">The user of a Unix socket's peer; null on TCP, which does not tell.</param>
internal sealed record Peer(uint? UserId)
{
    // SOL_SOCKET, SO_PEERCRED and struct ucred of pid, uid and gid (unix(7)); .NET has no call for it.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsBytes = 12;
    private const int UserIdOffset = 4;

    /// <summary>Whether this is root or the daemon's own user, who could do everything without the daemon too.</summary>
    internal bool IsTrusted => UserId is { } uid && (uid == 0 || uid == LibcFiles.EffectiveUserId());

    /// <summary>Asks the kernel, once a connection.</summary>
    internal static Task IdentifyAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Socket socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        connection.Features.Set(new Peer(socket.AddressFamily == AddressFamily.Unix ? UserIdOf(socket) : null));
        return next(connection);
    }

    private static uint UserIdOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialsBytes];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.ToUInt32(credentials[UserIdOffset..]);
    }
}
