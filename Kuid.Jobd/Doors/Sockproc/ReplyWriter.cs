using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>The bytes of a reply that are not the command's own.</summary>
/// <remarks>
/// <code>
/// reply = "status:" status CRLF count CRLF stdout count CRLF stderr
/// </code>
/// The status is the raw wait status, or -1, which wait never gives, in an error reply; that has no stdout, and its stderr
/// is the reason.
/// </remarks>
public static class ReplyWriter
{
    /// <summary>The longest head: <c>status:</c>, an int, CRLF, a long, CRLF.</summary>
    public const int MaxHead = 7 + 11 + 2 + MaxMiddle;

    /// <summary>The longest piece between the streams: a long and CRLF.</summary>
    public const int MaxMiddle = 20 + 2;

    /// <summary>Writes what comes before standard output.</summary>
    /// <returns>The number of bytes.</returns>
    public static int WriteHead(Span<byte> buffer, WaitStatus status, long stdoutBytes)
    {
        "status:"u8.CopyTo(buffer);
        int n = 7;
        n += WriteNumber(buffer[n..], status.Raw);
        return n + WriteNumber(buffer[n..], stdoutBytes);
    }

    /// <summary>Writes what comes between standard output and standard error.</summary>
    /// <returns>The number of bytes.</returns>
    public static int WriteMiddle(Span<byte> buffer, long stderrBytes) => WriteNumber(buffer, stderrBytes);

    /// <summary>A whole error reply.</summary>
    public static byte[] Error(Rejection rejection)
    {
        string reason = $"kuid-jobd: {rejection.Text}";
        int bytes = Encoding.UTF8.GetByteCount(reason);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"status:-1\r\n0\r\n{bytes}\r\n{reason}"));
    }

    private static int WriteNumber(Span<byte> buffer, long number)
    {
        Utf8Formatter.TryFormat(number, buffer, out int n);
        "\r\n"u8.CopyTo(buffer[n..]);
        return n + 2;
    }
}
