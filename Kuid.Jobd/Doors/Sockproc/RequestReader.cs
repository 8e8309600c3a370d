using System.Buffers.Text;
using System.Text;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>What the reader has made of the bytes so far.</summary>
public enum ReadState
{
    /// <summary>Within the command.</summary>
    Command,

    /// <summary>Within the count; the command is complete.</summary>
    Count,

    /// <summary>Command and count are there; what follows is standard input.</summary>
    Complete,

    /// <summary>The request is refused, and nothing more is read of it.</summary>
    Rejected,
}

/// <summary>
/// Bytes to a request. It knows no socket and no clock, and what it makes of some bytes never depends on how they were cut
/// into pieces.
/// </summary>
/// <remarks>
/// <code>
/// request = command CRLF count CRLF stdin
/// command = any bytes but NUL, without CRLF; a lone CR or LF belongs to it; at most 131071
/// count   = 1 to 32 decimal digits
/// </code>
/// A request is complete only when both line ends have arrived: nothing is ever run that did not arrive whole.
/// </remarks>
/// <param name="maxCommand">The longest command, in bytes.</param>
/// <param name="maxStdin">The largest count.</param>
public sealed class RequestReader(int maxCommand, long maxStdin)
{
    private const byte CR = (byte)'\r';
    private const byte LF = (byte)'\n';
    private const byte NUL = 0;

    // More digits than any limit has, so that a longer line is refused without being kept.
    private const int MaxCount = 32;
    private const int FirstBuffer = 128;

    private readonly byte[] _count = new byte[MaxCount + 2];
    private byte[] _command = new byte[FirstBuffer];
    private int _commandLength;
    private int _countLength;

    /// <summary>What has been made of the bytes so far.</summary>
    public ReadState State { get; private set; }

    /// <summary>The command, once the state is past it.</summary>
    public byte[] Command { get; private set; } = [];

    /// <summary>How many bytes of standard input follow, once the request is complete.</summary>
    public long StdinBytes { get; private set; }

    /// <summary>Why the request is refused, once it is.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>Whether any byte has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <param name="input">The bytes; what does not belong to the header is left in it.</param>
    /// <returns>The state after them.</returns>
    public ReadState Read(ref ReadOnlySpan<byte> input)
    {
        HasBegun |= !input.IsEmpty;
        while (!input.IsEmpty && State is ReadState.Command or ReadState.Count)
        {
            if (State == ReadState.Command)
            {
                ReadCommand(ref input);
            }
            else
            {
                ReadCount(ref input);
            }
        }

        return State;
    }

    /// <summary>Says that the input has ended.</summary>
    /// <returns>Complete, or rejected.</returns>
    public ReadState End()
    {
        switch (State)
        {
            case ReadState.Command:
                Reject(new Rejection(RejectionReason.CommandUnterminated));
                break;
            case ReadState.Count:
                Reject(new Rejection(RejectionReason.CountMissing));
                break;
        }

        return State;
    }

    // command = ... up to the first LF that follows a CR, which may have come in an earlier piece.
    private void ReadCommand(ref ReadOnlySpan<byte> input)
    {
        int stop = input.IndexOfAny(LF, NUL);
        ReadOnlySpan<byte> plain = stop < 0 ? input : input[..stop];
        if (!TryAppend(plain))
        {
            return;
        }

        if (stop < 0)
        {
            input = default;
            return;
        }

        byte special = input[stop];
        input = input[(stop + 1)..];
        if (special == NUL)
        {
            Reject(new Rejection(RejectionReason.CommandHasNul));
        }
        else if (_commandLength > 0 && _command[_commandLength - 1] == CR)
        {
            EndCommand();
        }
        else
        {
            TryAppend([LF]);
        }
    }

    private void EndCommand()
    {
        Command = _command.AsSpan(0, _commandLength - 1).ToArray();
        _command = [];
        if (HttpRequestLine.Matches(Command))
        {
            Reject(new Rejection(RejectionReason.HttpRequest));
        }
        else
        {
            State = ReadState.Count;
        }
    }

    // One byte more than the limit fits if it is a CR, for that may be the first half of the line's end.
    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        int length = _commandLength + bytes.Length;
        bool mayEnd = length == maxCommand + 1 && (bytes.IsEmpty ? _command[_commandLength - 1] : bytes[^1]) == CR;
        if (length > maxCommand && !mayEnd)
        {
            Reject(Rejection.Of(RejectionReason.CommandTooLong, maxCommand));
            return false;
        }

        if (length > _command.Length)
        {
            Array.Resize(ref _command, Math.Max(length, Math.Min(_command.Length * 2, maxCommand + 1)));
        }

        bytes.CopyTo(_command.AsSpan(_commandLength));
        _commandLength = length;
        return true;
    }

    // count = everything up to CRLF, judged as a whole so that the message can quote it.
    private void ReadCount(ref ReadOnlySpan<byte> input)
    {
        byte next = input[0];
        input = input[1..];
        _count[_countLength++] = next;
        ReadOnlySpan<byte> line = _count.AsSpan(0, _countLength);
        if (line.EndsWith("\r\n"u8))
        {
            EndCount(line[..^2]);
        }
        else if (_countLength == _count.Length)
        {
            Reject(new Rejection(RejectionReason.CountMalformed, Quote(line) + "..."));
        }
    }

    private void EndCount(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            Reject(new Rejection(RejectionReason.CountMalformed, Quote(digits)));
        }
        else if (!Utf8Parser.TryParse(digits, out ulong count, out _) || count > (ulong)maxStdin)
        {
            Reject(Rejection.Of(RejectionReason.CountTooLarge, maxStdin));
        }
        else
        {
            StdinBytes = (long)count;
            State = ReadState.Complete;
        }
    }

    private void Reject(Rejection rejection)
    {
        Rejection = rejection;
        State = ReadState.Rejected;
    }

    // What a client sent goes back to it and into the log: printable ASCII only.
    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            text.Append(b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? (char)b : '?');
        }

        return text.ToString();
    }
}
