using System.Buffers;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>
/// Tells an HTTP request from a command. A web page can make a browser send one to a port on 127.0.0.1, with a path of the
/// page's choosing; as a command line, <c>GET /;rm$IFS-rf$IFS~ HTTP/1.1</c> is a command, and a POST's body can be the rest.
/// The strict count would refuse most of them; this refuses all, before it.
/// </summary>
internal static class HttpRequestLine
{
    private const int LongestMethod = 20;

    // VERSION-CONTROL and M-SEARCH have a dash.
    private static readonly SearchValues<byte> MethodBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-"u8);

    private static ReadOnlySpan<byte> Version => " HTTP/"u8;

    /// <summary>Whether the first line is <c>METHOD target HTTP/n</c>, as far as any browser or tool writes it.</summary>
    internal static bool Matches(ReadOnlySpan<byte> command)
    {
        int end = command.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? command : command[..end]).TrimEnd("\r "u8);
        int method = line.IndexOf((byte)' ');
        int version = line.LastIndexOf(Version);
        return method is > 0 and <= LongestMethod
            && !line[..method].ContainsAnyExcept(MethodBytes)
            && version >= method
            && IsVersionNumber(line[(version + Version.Length)..]);
    }

    // 1.0, 1.1, 2, 2.0
    private static bool IsVersionNumber(ReadOnlySpan<byte> text) =>
        text.Length is 1 or 3 && char.IsAsciiDigit((char)text[0])
        && (text.Length == 1 || (text[1] == '.' && char.IsAsciiDigit((char)text[2])));
}
