using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kuid.Jobd.Api.Security;

/// <summary>Who is at the other end of a connection, as the kernel saw them when they connected; each request finds it among its features.</summary>
/// <param name="UserId">The user of a Unix socket's peer; null on TCP, which does not tell.</param>
internal sealed record Peer(uint? UserId)
{
    // SOL_SOCKET, SO_PEERCRED and struct ucred of pid, uid and gid, SO_PEERGROUPS (unix(7)); .NET has no call for them.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int PeerGroups = 59;
    private const int CredentialsBytes = 12;
    private const int UserIdOffset = 4;
    private const int GroupIdOffset = 8;
    private const int MostGroups = 1024;

    // What the kernel says of nobody.
    private const uint Nobody = uint.MaxValue;

    private Socket? Socket { get; init; }

    /// <summary>The same for the gate that decides what they may do; null on TCP, where a token has to say.</summary>
    /// <remarks>The permissions of this door's socket invite nobody: who may do what is for the list.</remarks>
    internal Caller? AsCaller() => UserId switch
    {
        null => null,
        Nobody => new Caller(CallerKind.Unknown, "unknown"),
        { } uid => new Caller(CallerKind.User, string.Create(CultureInfo.InvariantCulture, $"uid:{uid}")) { UserId = uid, Groups = Groups },
    };

    /// <summary>Asks the kernel, once a connection; one that it will not tell of has ended.</summary>
    internal static Task IdentifyAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Socket socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        connection.Features.Set(new Peer(socket.AddressFamily == AddressFamily.Unix ? Credentials(socket, UserIdOffset) : null) { Socket = socket });
        return next(connection);
    }

    private static uint Credentials(Socket socket, int offset)
    {
        Span<byte> credentials = stackalloc byte[CredentialsBytes];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.ToUInt32(credentials[offset..]);
    }

    private IReadOnlyList<uint> Groups()
    {
        try
        {
            Span<uint> groups = stackalloc uint[MostGroups];
            int bytes = Socket!.GetRawSocketOption(SocketLevel, PeerGroups, MemoryMarshal.AsBytes(groups));
            return [Credentials(Socket, GroupIdOffset), .. groups[..(bytes / sizeof(uint))]];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
