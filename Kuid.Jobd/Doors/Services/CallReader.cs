using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Doors.Services;

/// <summary>What the next line of a caller is, or that there is none any more.</summary>
internal enum CallReadState
{
    /// <summary>The name of the service.</summary>
    Service,

    /// <summary>The user name.</summary>
    User,

    /// <summary>An argument, or the empty line after the last.</summary>
    Argument,

    /// <summary>The request is complete.</summary>
    Complete,

    /// <summary>It is none.</summary>
    Rejected,
}

/// <summary>
/// Reads what a caller says before the stream of bytes begins: the service, a user name or an empty line, the arguments, an empty
/// line. No socket, no clock. Lines end with a newline; a carriage return in front of it is telnet's and is dropped.
/// </summary>
/// <param name="maxArguments">How many arguments are taken.</param>
/// <param name="maxBytes">How many bytes all of it may have.</param>
internal sealed class CallReader(int maxArguments, int maxBytes)
{
    private const string FramesMark = "!frames";
    private const int MaxUserBytes = 256;

    private readonly List<byte> _line = [];
    private readonly List<byte[]> _arguments = [];
    private int _bytes;

    /// <summary>What comes next.</summary>
    internal CallReadState State { get; private set; }

    /// <summary>Whether anything has come.</summary>
    internal bool HasBegun => _bytes > 0;

    /// <summary>The name of the service; it may be that of none.</summary>
    internal string Service { get; private set; } = string.Empty;

    /// <summary>Whether frames come after the empty line.</summary>
    internal bool IsFramed { get; private set; }

    /// <summary>The user name that the caller gave, without what could disturb a log; null for none.</summary>
    internal string? User { get; private set; }

    /// <summary>The arguments.</summary>
    internal IReadOnlyList<byte[]> Arguments => _arguments;

    /// <summary>What is wrong and what is allowed, when it was rejected.</summary>
    internal string? Rejection { get; private set; }

    /// <summary>Takes bytes up to the end of a line.</summary>
    /// <param name="bytes">What has come; afterwards what was not taken, which after the empty line is the stream's.</param>
    internal CallReadState Read(ref ReadOnlySpan<byte> bytes)
    {
        int newline = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> part = newline < 0 ? bytes : bytes[..newline];
        int taken = newline < 0 ? bytes.Length : newline + 1;
        if (_bytes + (long)taken > maxBytes)
        {
            return Reject(string.Create(CultureInfo.InvariantCulture, $"at most {maxBytes} bytes are taken before the empty line"));
        }

        if (part.Contains((byte)0))
        {
            return Reject("a line has no NUL");
        }

        _bytes += taken;
        _line.AddRange(part);
        bytes = bytes[taken..];
        if (newline < 0)
        {
            return State;
        }

        byte[] line = [.. _line];
        _line.Clear();
        return State = TakeLine(line is [.. var rest, (byte)'\r'] ? rest : line);
    }

    /// <summary>The caller has closed.</summary>
    internal void End() => Reject("the connection ended before the empty line");

    private CallReadState TakeLine(byte[] line)
    {
        switch (State)
        {
            case CallReadState.Service:
                TakeService(Encoding.Latin1.GetString(line));
                return CallReadState.User;
            case CallReadState.User when line.Length > MaxUserBytes:
                return Reject($"a user name has at most {MaxUserBytes} bytes");
            case CallReadState.User:
                User = line.Length == 0 ? null : string.Concat(Encoding.UTF8.GetString(line).Select(c => char.IsControl(c) ? '?' : c));
                return CallReadState.Argument;
            case CallReadState.Argument when line.Length == 0:
                return CallReadState.Complete;
            case CallReadState.Argument when _arguments.Count == maxArguments:
                return Reject(string.Create(CultureInfo.InvariantCulture, $"at most {maxArguments} arguments are taken"));
            default:
                _arguments.Add(line);
                return CallReadState.Argument;
        }
    }

    private void TakeService(string line)
    {
        IsFramed = line.EndsWith(FramesMark, StringComparison.Ordinal);
        Service = IsFramed ? line[..^FramesMark.Length] : line;
    }

    private CallReadState Reject(string text)
    {
        Rejection = text;
        return State = CallReadState.Rejected;
    }
}
