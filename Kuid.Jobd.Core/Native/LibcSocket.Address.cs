using System.Net;
using System.Net.Sockets;

namespace Kuid.Jobd.Core.Native;

/// <summary>getsockname(2).</summary>
public static partial class LibcSocket
{
    /// <summary>Where a socket is bound; null for what has no address that .NET knows.</summary>
    public static EndPoint? LocalAddress(SafeFd socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        using var borrowed = new Socket(new SafeSocketHandle(socket.Number, ownsHandle: false));
        return borrowed.LocalEndPoint;
    }
}
