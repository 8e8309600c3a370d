using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of the kernel's log as syslog(2) gives it: <c>&lt;6&gt;[   12.345678] message</c>.</summary>
/// <param name="Level">From 0, emerg, to 7, debug: an index into <see cref="Levels"/>.</param>
/// <param name="Facility">Who wrote it (syslog(3)): 0 is the kernel.</param>
/// <param name="Nanoseconds">Since the system started; null where the kernel is told not to print times.</param>
/// <param name="Message">The rest.</param>
internal sealed record KernelLogEntry(int Level, int Facility, long? Nanoseconds, ByteString Message)
{
    /// <summary>The names of the levels (syslog(3)), by their numbers.</summary>
    public static IReadOnlyList<string> Levels { get; } = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>Understands a line.</summary>
    public static Parsed<KernelLogEntry> Parse(ReadOnlySpan<byte> line)
    {
        var close = line.IndexOf((byte)'>');
        if (close < 2 || line[0] != (byte)'<' || !Fields.TryNumber(line[1..close], out ulong priority) || priority > ushort.MaxValue)
            return Parsed.Bad<KernelLogEntry>("there is no priority", line);

        var message = line[(close + 1)..];
        var time = TakeTime(ref message);
        return Parsed.Of(new KernelLogEntry((int)priority & 7, (int)priority >> 3, time, new ByteString(message.ToArray())));
    }

    /// <summary>A message may begin with a bracket of its own: only one with seconds, a point and six digits is the time.</summary>
    private static long? TakeTime(ref ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf((byte)']');
        if (end < 0 || message[0] != (byte)'[')
            return null;

        var text = message[1..end].TrimStart((byte)' ');
        var point = text.IndexOf((byte)'.');
        if (point < 1 || text.Length - point != 7 || !Fields.TryNumber(text[..point], out ulong seconds)
            || !Fields.TryNumber(text[(point + 1)..], out ulong microseconds) || seconds > long.MaxValue / 1_000_000_000 - 1)
            return null;

        message = message[(end + 1)..].TrimStart((byte)' ');
        return ((long)seconds * 1_000_000_000) + ((long)microseconds * 1000);
    }
}
