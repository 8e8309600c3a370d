using System.Runtime.InteropServices;

namespace Kuid.Sockproc.Tests.Conformance;

// Sends a request cut into pieces. On a Unix socket each piece is sent when the daemon has read the one before, so that it
// really sees them apart; TCP's segments go out as they are written.
internal static partial class Delivery
{
    private const nuint SIOCOUTQ = 0x5411;

    internal static async Task<byte[]> Exchange(string address, Exchange exchange, IEnumerable<int> cuts)
    {
        using SockprocClient client = await SockprocClient.Connect(address);
        bool tcp = client.Socket.ProtocolType == System.Net.Sockets.ProtocolType.Tcp;
        if (tcp)
        {
            client.Socket.NoDelay = true;
        }

        Task<byte[]> reply = client.ReadToEnd();
        int from = 0;
        foreach (int cut in cuts.Append(exchange.Request.Length))
        {
            await client.Send(exchange.Request.AsMemory(from..cut));
            from = cut;
            if (!tcp && cut < exchange.Request.Length)
            {
                await Read(client);
            }
        }

        if (exchange.HalfClose)
        {
            client.HalfClose();
        }

        return await reply;
    }

    // It is a matter of microseconds, so it is not slept for at once.
    private static async Task Read(SockprocClient client)
    {
        const int NeverSleep = -1;
        var spin = default(SpinWait);
        while (spin.Count < 1000 && Unread(client) > 0)
        {
            spin.SpinOnce(NeverSleep);
        }

        await Eventually.Holds(() => Unread(client) == 0, "the daemon reads what it was sent");
    }

    private static int Unread(SockprocClient client)
    {
        int result = Ioctl((int)client.Socket.Handle, SIOCOUTQ, out int unread);
        return result == 0 ? unread : throw new InvalidOperationException($"ioctl: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int fd, nuint request, out int value);
}
