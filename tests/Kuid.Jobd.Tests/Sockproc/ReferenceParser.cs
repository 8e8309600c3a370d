using System.Text;
using System.Text.RegularExpressions;
using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>
/// The format once more, as plainly as it can be said, for a request that is there as a whole. It shares no code with the
/// daemon's reader, so that a mistake would have to be made twice.
/// </summary>
internal static partial class ReferenceParser
{
    private const int LongestCountLine = 34;

    internal static ReadOutcome Parse(ReadOnlySpan<byte> request, ReadLimits limits)
    {
        int end = 0;
        while (true)
        {
            if (end == request.Length)
            {
                return Unfinished(ReadState.Command, RejectionReason.CommandUnterminated, string.Empty);
            }

            byte next = request[end];
            if (next == 0)
            {
                return Refused(new Rejection(RejectionReason.CommandHasNul), string.Empty);
            }

            if (next == '\n' && end > 0 && request[end - 1] == '\r')
            {
                break;
            }

            // A CR is not yet a byte of the command: it may be half of its end.
            int length = next == '\r' ? end : end + 1;
            if (length > limits.Command)
            {
                return Refused(new Rejection(RejectionReason.CommandTooLong, limits.Command.ToString(null, null)), string.Empty);
            }

            end++;
        }

        string command = Wire.Text(request[..(end - 1)]);
        return Http().IsMatch(command)
            ? Refused(new Rejection(RejectionReason.HttpRequest), command)
            : ParseCount(request[(end + 1)..], command, limits.Stdin);
    }

    private static ReadOutcome ParseCount(ReadOnlySpan<byte> rest, string command, long most)
    {
        for (int length = 1; length <= Math.Min(rest.Length, LongestCountLine); length++)
        {
            if (length >= 2 && rest[length - 2] == '\r' && rest[length - 1] == '\n')
            {
                return JudgeCount(rest[..(length - 2)], command, most, Wire.Text(rest[length..]));
            }
        }

        return rest.Length < LongestCountLine
            ? Unfinished(ReadState.Count, RejectionReason.CountMissing, command)
            : Refused(new Rejection(RejectionReason.CountMalformed, Quoted(rest[..LongestCountLine]) + "..."), command);
    }

    private static ReadOutcome JudgeCount(ReadOnlySpan<byte> line, string command, long most, string surplus)
    {
        Int128 count = 0;
        foreach (byte b in line)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return Refused(new Rejection(RejectionReason.CountMalformed, Quoted(line)), command);
            }

            count = (count * 10) + (b - '0');
        }

        if (line.IsEmpty)
        {
            return Refused(new Rejection(RejectionReason.CountMalformed), command);
        }

        return count > most
            ? Refused(new Rejection(RejectionReason.CountTooLarge, most.ToString(null, null)), command)
            : new ReadOutcome(ReadState.Complete, ReadState.Complete, command, (long)count, default, surplus);
    }

    private static ReadOutcome Refused(Rejection rejection, string command) =>
        new(ReadState.Rejected, ReadState.Rejected, command, 0, rejection, Surplus: null);

    private static ReadOutcome Unfinished(ReadState state, RejectionReason reason, string command) =>
        new(state, ReadState.Rejected, command, 0, new Rejection(reason), Surplus: null);

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            text.Append(b is < 32 or > 126 or 34 or 92 ? '?' : (char)b);
        }

        return text.ToString();
    }

    /// <summary>METHOD target HTTP/n on the command's first line, ended by LF where a client ends lines so.</summary>
    [GeneratedRegex(@"\A[A-Z-]{1,20}(?= )[^\n]* HTTP/[0-9](\.[0-9])?[\r ]*(\n|\z)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    internal static partial Regex Http();
}
