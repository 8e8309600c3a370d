using System.Buffers.Binary;
using System.Net;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of <c>/proc/net/tcp</c>, <c>tcp6</c>, <c>udp</c> or <c>udp6</c> (proc_pid_net(5)).</summary>
/// <param name="State">One of <see cref="States"/>, from 1.</param>
/// <param name="SendQueue">Bytes sent and not acknowledged.</param>
/// <param name="ReceiveQueue">Bytes received and not read.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Inode">What <c>/proc/PID/fd</c> calls it.</param>
internal sealed record InternetSocket(
    IPEndPoint Local, IPEndPoint Remote, int State, ulong SendQueue, ulong ReceiveQueue, long UserId, long Inode)
{
    /// <summary>The states of TCP (include/net/tcp_states.h); UDP borrows <c>established</c> and, for no peer, <c>close</c>.</summary>
    public static IReadOnlyList<string> States { get; } =
    [
        "unknown", "established", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2", "time_wait", "close", "close_wait", "last_ack",
        "listen", "closing", "new_syn_recv",
    ];

    /// <summary>Understands a line; the first line of the file is a heading.</summary>
    public static Parsed<InternetSocket> Parse(ReadOnlySpan<byte> line)
    {
        var fields = new Fields(line);
        if (!fields.TrySkip(1) || !fields.TryNext(out var local) || !fields.TryNext(out var remote))
            return Parsed.Bad<InternetSocket>("there are no two addresses", line);

        if (EndPoint(local) is not { } localPoint || EndPoint(remote) is not { } remotePoint)
            return Parsed.Bad<InternetSocket>("an address is malformed", line);

        if (!fields.TryNext(out var stateText) || !Fields.TryHex(stateText, out var state) || state >= (ulong)States.Count)
            return Parsed.Bad<InternetSocket>("the state is none that there is", line);

        if (!fields.TryNext(out var queues) || queues.Length != 17 || queues[8] != (byte)':'
            || !Fields.TryHex(queues[..8], out var send) || !Fields.TryHex(queues[9..], out var receive))
            return Parsed.Bad<InternetSocket>("the queues are malformed", line);

        // The timer and the retransmissions stand before the user, the probes between the user and the inode.
        if (!fields.TrySkip(2) || !fields.TryNextNumber(out var user) || !fields.TrySkip(1) || !fields.TryNextNumber(out var inode))
            return Parsed.Bad<InternetSocket>("there is no user or no inode", line);

        return Parsed.Of(new InternetSocket(localPoint, remotePoint, (int)state, send, receive, user, inode));
    }

    /// <summary>
    /// An address is printed as 32-bit words in the byte order of the machine, which is little-endian on every architecture that is
    /// spoken to; the port is printed as a number.
    /// </summary>
    private static IPEndPoint? EndPoint(ReadOnlySpan<byte> field)
    {
        var colon = field.IndexOf((byte)':');
        if (colon is not (8 or 32) || !Fields.TryHex(field[(colon + 1)..], out var port) || port > IPEndPoint.MaxPort)
            return null;

        Span<byte> address = stackalloc byte[colon / 2];
        for (var word = 0; word < colon / 8; word++)
        {
            if (!Fields.TryHex(field.Slice(word * 8, 8), out var bits))
                return null;

            BinaryPrimitives.WriteUInt32LittleEndian(address[(word * 4)..], (uint)bits);
        }

        return new IPEndPoint(new IPAddress(address), (int)port);
    }
}
