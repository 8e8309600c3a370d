using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of <c>/proc/PID/mounts</c>, whose fields are those of fstab(5).</summary>
/// <param name="Source">What is mounted: a device, or any word where there is none.</param>
/// <param name="Target">Where.</param>
/// <param name="Type">The type of file system.</param>
/// <param name="Options">Separated by commas.</param>
internal sealed record MountEntry(ByteString Source, ByteString Target, ByteString Type, ByteString Options)
{
    /// <summary>Understands a line.</summary>
    public static Parsed<MountEntry> Parse(ReadOnlySpan<byte> line)
    {
        var fields = new Fields(line);
        if (!fields.TryNext(out var source) || !fields.TryNext(out var target) || !fields.TryNext(out var type)
            || !fields.TryNext(out var options))
            return Parsed.Bad<MountEntry>("there are fewer than four fields", line);

        return Parsed.Of(new MountEntry(Unescape(source), Unescape(target), Unescape(type), Unescape(options)));
    }

    /// <summary>
    /// The kernel writes a blank, tab, newline, number sign and backslash as a backslash with three octal digits. A backslash
    /// before anything else is itself.
    /// </summary>
    private static ByteString Unescape(ReadOnlySpan<byte> field)
    {
        var bytes = new byte[field.Length];
        var length = 0;
        for (var at = 0; at < field.Length; at++)
        {
            if (field[at] == (byte)'\\' && TryOctal(field[(at + 1)..], out var escaped))
            {
                bytes[length++] = escaped;
                at += 3;
            }
            else
            {
                bytes[length++] = field[at];
            }
        }

        return new ByteString(bytes.AsMemory(0, length));
    }

    private static bool TryOctal(ReadOnlySpan<byte> digits, out byte value)
    {
        value = 0;
        if (digits.Length < 3 || digits[0] is < (byte)'0' or > (byte)'3' || digits[1] is < (byte)'0' or > (byte)'7'
            || digits[2] is < (byte)'0' or > (byte)'7')
            return false;

        value = (byte)(((digits[0] - '0') << 6) | ((digits[1] - '0') << 3) | (digits[2] - '0'));
        return true;
    }
}
