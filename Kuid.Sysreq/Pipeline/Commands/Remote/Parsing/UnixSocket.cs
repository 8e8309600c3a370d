using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of <c>/proc/net/unix</c> (proc_pid_net(5)).</summary>
/// <param name="Type">SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_SEQPACKET 5.</param>
/// <param name="State">In the words of <see cref="InternetSocket.States"/> where there is one, so that one condition finds both.</param>
/// <param name="Inode">What <c>/proc/PID/fd</c> calls it.</param>
/// <param name="Path">Where it is bound, an abstract name with <c>@</c> before it; empty when it is not.</param>
internal sealed record UnixSocket(int Type, string State, long Inode, ByteString Path)
{
    /// <summary>__SO_ACCEPTCON (include/linux/net.h): it listens.</summary>
    private const ulong Listens = 0x10000;

    /// <summary>Understands a line; the first line of the file is a heading.</summary>
    public static Parsed<UnixSocket> Parse(ReadOnlySpan<byte> line)
    {
        var fields = new Fields(line);
        if (!fields.TrySkip(3) || !fields.TryNext(out var flagsText) || !Fields.TryHex(flagsText, out var flags))
            return Parsed.Bad<UnixSocket>("there are no flags", line);

        if (!fields.TryNext(out var typeText) || !Fields.TryHex(typeText, out var type) || type > ushort.MaxValue
            || !fields.TryNext(out var stateText) || !Fields.TryHex(stateText, out var state))
            return Parsed.Bad<UnixSocket>("there is no type or no state", line);

        if (!fields.TryNextNumber(out var inode))
            return Parsed.Bad<UnixSocket>("there is no inode", line);

        return Parsed.Of(new UnixSocket((int)type, StateName(flags, state), inode, new ByteString(fields.Rest.ToArray())));
    }

    /// <summary>The states of a socket (socket_state in include/uapi/linux/net.h).</summary>
    private static string StateName(ulong flags, ulong state) => state switch
    {
        1 when (flags & Listens) != 0 => "listen",
        1 => "close",
        2 => "connecting",
        3 => "established",
        4 => "closing",
        _ => "unknown",
    };
}
