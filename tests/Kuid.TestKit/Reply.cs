using System.Globalization;
using System.Text;

namespace Kuid.TestKit;

/// <summary>A sockproc reply, taken apart strictly: anything that is not exactly one reply is refused.</summary>
/// <param name="Status">The raw wait status, negative in an error reply.</param>
/// <param name="Stdout">The command's standard output.</param>
/// <param name="Stderr">Its standard error, or the reason of an error reply.</param>
public sealed record Reply(int Status, byte[] Stdout, byte[] Stderr)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Stdout);

    /// <summary>Standard error as text.</summary>
    public string Error => Encoding.UTF8.GetString(Stderr);

    /// <summary>Reads the bytes of a whole reply.</summary>
    /// <exception cref="FormatException">They are not one, or there are more.</exception>
    public static Reply Parse(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        string status = Line(ref rest);
        if (!status.StartsWith("status:", StringComparison.Ordinal))
        {
            throw new FormatException($"no status line but \"{status}\"");
        }

        byte[] stdout = Counted(ref rest), stderr = Counted(ref rest);
        return rest.IsEmpty
            ? new Reply(int.Parse(status[7..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), stdout, stderr)
            : throw new FormatException($"{rest.Length} bytes after the reply");
    }

    private static byte[] Counted(ref ReadOnlySpan<byte> rest)
    {
        int count = int.Parse(Line(ref rest), NumberStyles.None, CultureInfo.InvariantCulture);
        if (count > rest.Length)
        {
            throw new FormatException($"{rest.Length} of {count} bytes came");
        }

        byte[] bytes = rest[..count].ToArray();
        rest = rest[count..];
        return bytes;
    }

    private static string Line(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw new FormatException($"a line without its end: \"{Encoding.UTF8.GetString(rest)}\"");
        }

        string line = Encoding.ASCII.GetString(rest[..end]);
        rest = rest[(end + 2)..];
        return line;
    }
}
