using System.Net;
using System.Net.Sockets;

namespace Kuid.TestKit;

/// <summary>
/// TCP ports for servers that are started with a number. They lie below those that Linux gives out by itself
/// (net.ipv4.ip_local_port_range begins with 32768), so that between the choice and the server's bind no connection and no
/// bind to port 0 anywhere on the machine gets the same one; and no two choices of a test run are the same.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 22_000;

    // Suites that run side by side begin at different places.
    private static int _last = Random.Shared.Next(Count);

    internal static int Next()
    {
        for (int attempt = 0; attempt < Count; attempt++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }

        throw new InvalidOperationException($"of the ports from {First} to {First + Count - 1} none is free");
    }
}
